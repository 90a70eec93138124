#pragma once

namespace mulligan::report
{

/// The report's style sheet. Colours are those of the window: colour-blind safe (Okabe and Ito 2008).
inline constexpr const char *kStyle = R"css(
:root{color-scheme:light dark;--page:#f3f5f8;--paper:#ffffff;--raised:#f3f6fa;--border:#d5dbe4;--grid:#e6eaf0;--text:#18212f;
--muted:#5a6678;--accent:#0b63ab;--gain:#00805e;--loss:#c1440e;--observed:#0072b2;--estimated:#56b4e9;--modelled:#e69f00;
--assumed:#cc79a7;--unsupported:#9aa3af;--on-dark:#ffffff;--on-light:#18212f}
@media (prefers-color-scheme:dark){:root{--page:#14181f;--paper:#1d232c;--raised:#242c38;--border:#37414f;--grid:#2c3542;
--text:#e7ebf1;--muted:#a0abba;--accent:#56a8e8;--gain:#2fbf95;--loss:#f0814e;--observed:#3f9fdc;--estimated:#8fd0f5;
--modelled:#f0b323;--assumed:#dd92bb;--unsupported:#8e98a5;--on-dark:#0c1118;--on-light:#0c1118}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
main{max-width:880px;margin:32px auto;background:var(--paper);border:1px solid var(--border);border-radius:10px;padding:48px 56px}
header{border-bottom:1px solid var(--border);padding-bottom:20px;margin-bottom:28px}
.brand{color:var(--accent);font-weight:600;letter-spacing:.02em;font-size:14px;margin:0 0 6px}
h1{font-size:28px;line-height:1.25;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:19px;margin:44px 0 6px}
h3{font-size:15px;margin:24px 0 6px}
p{margin:6px 0 12px}
.meta,.lead,.small{color:var(--muted)}
.meta,.small{font-size:14px}
.hero{display:flex;flex-wrap:wrap;gap:8px 40px;align-items:baseline;margin:0 0 10px}
.hero .value{font-size:46px;font-weight:650;line-height:1.1;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.hero .unit{font-size:20px;font-weight:500;color:var(--muted);margin-left:8px;letter-spacing:0}
.hero .interval{color:var(--muted)}
.hero .interval b{display:block;color:var(--text);font-weight:600;font-variant-numeric:tabular-nums}
.pos{color:var(--gain)}.neg{color:var(--loss)}
.sentence{font-size:18px;line-height:1.5}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:24px 0 0;padding:0;list-style:none}
.tiles li{background:var(--raised);border-radius:8px;padding:14px 16px;display:flex;flex-direction:column}
.tiles .name{color:var(--muted);font-size:13px;line-height:1.35;flex:1}
.tiles .figure{font-size:22px;font-weight:600;font-variant-numeric:tabular-nums;margin-top:6px;white-space:nowrap}
.tiles .was{color:var(--muted);font-size:13px}
table{width:100%;border-collapse:collapse;font-size:14.5px;margin:10px 0 6px}
th,td{padding:7px 9px;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid)}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
thead th{color:var(--muted);font-weight:600;font-size:13px;border-bottom:1px solid var(--border);vertical-align:bottom}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.num small,.num .small{display:block;color:var(--muted);font-size:12px}
.sub td:first-child{padding-left:18px;color:var(--muted)}
tfoot td{font-weight:600;border-top:1px solid var(--border);border-bottom:0}
.key{overflow-wrap:break-word;min-width:132px}
.swatch{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:9px;vertical-align:-1px}
.chart{width:100%;height:auto;display:block;margin:16px 0 6px;overflow:visible}
.chart text{font-size:13px;fill:var(--text);font-family:inherit}
.chart .tick{fill:var(--muted);font-size:12px}.chart .axis{fill:var(--muted);font-size:12.5px}
.chart .end{text-anchor:end}.chart .middle{text-anchor:middle}.chart .strong{font-weight:650}
.chart .amount{font-variant-numeric:tabular-nums}
.grid{stroke:var(--grid)}.zero{stroke:var(--muted)}.link{stroke:var(--border);stroke-dasharray:2 2}
.whisker{stroke:var(--text);stroke-width:1.5}.diagonal{stroke:var(--muted);stroke-dasharray:4 3}
.gain{fill:var(--gain)}.loss{fill:var(--loss)}.net{fill:var(--accent)}.dot{fill:var(--observed)}
.bar{width:72px;height:14px;vertical-align:middle}
.fill-observed{fill:var(--observed);background:var(--observed)}.fill-estimated{fill:var(--estimated);background:var(--estimated)}
.fill-modelled{fill:var(--modelled);background:var(--modelled)}.fill-assumed{fill:var(--assumed);background:var(--assumed)}
.fill-unsupported{fill:var(--unsupported);background:var(--unsupported)}
.chart .on-fill{font-weight:600;fill:var(--on-light)}.chart .on-observed{fill:var(--on-dark)}
.split{display:grid;grid-template-columns:minmax(0,1fr) 330px;gap:36px;align-items:start}
.notes{padding-left:20px;margin:8px 0}.notes li{margin:4px 0}
.warn{border-left:4px solid var(--modelled);background:var(--raised);padding:12px 16px;border-radius:0 8px 8px 0;margin:16px 0}
.settings td:first-child{color:var(--muted);width:50%}.settings td{font-size:13.5px;padding-top:4px;padding-bottom:4px;overflow-wrap:anywhere}
footer{margin-top:44px;padding-top:16px;border-top:1px solid var(--border);color:var(--muted);font-size:13px}
@media screen and (max-width:760px){main{margin:0;border:0;border-radius:0;padding:28px 20px}.tiles{grid-template-columns:repeat(2,1fr)}
.split{grid-template-columns:1fr}.scroll{overflow-x:auto}.hero .value{font-size:36px}}
@media print{:root{color-scheme:light;--page:#fff;--paper:#fff;--raised:#f3f6fa;--border:#c9d0da;--grid:#e6eaf0;--text:#18212f;--muted:#4d5868;
--accent:#0b63ab;--gain:#00805e;--loss:#c1440e;--observed:#0072b2;--estimated:#56b4e9;--modelled:#e69f00;--assumed:#cc79a7;
--unsupported:#9aa3af;--on-dark:#ffffff;--on-light:#18212f}
@page{size:A4;margin:16mm 15mm}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{font-size:10.5pt}main{max-width:none;margin:0;border:0;padding:0}table{font-size:9pt}th,td{padding:4px 6px}h2{margin-top:26px}.bar{width:48px}.split{grid-template-columns:minmax(0,1fr) 250px;gap:24px}
.sentence{font-size:12pt}.tiles .figure{font-size:14pt}.hero .value{font-size:30pt}.num small{font-size:7.5pt}.settings td{font-size:8.5pt;padding-top:2px;padding-bottom:2px}

tr,svg,.tiles,.warn,.keep{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}
tfoot{display:table-row-group}.lead{break-after:avoid}.small,.meta{font-size:8.5pt}.lead{font-size:10pt}.chart{margin:8px 0 4px}}
)css";

} // namespace mulligan::report
