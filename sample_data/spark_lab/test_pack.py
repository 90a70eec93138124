"""Checks how logs are packed: python3 -m unittest test_pack (in this folder)."""

from __future__ import annotations

import json
import unittest

import pack
from neutral import shorter


def run(codec: str, rolling: bool = False, event_log: str | None = "log") -> dict:
    """As much of a run's result as the choice of a codec looks at."""
    return {"event_log": event_log, "event_log_kind": {"codec": codec, "rolling": rolling}}


class Names(unittest.TestCase):
    """Spark tells the codec by the end of a name."""

    def test_every_codec_comes_in_the_place_of_every_other(self) -> None:
        for before in ("", ".zstd", ".lz4", ".lzf", ".snappy"):
            for end in ("", ".inprogress"):
                name = f"app-20261125021239-8622{before}{end}"
                self.assertEqual(pack.name_in("zstd", name), f"app-20261125021239-8622.zstd{end}")
                self.assertEqual(pack.name_in("none", name), f"app-20261125021239-8622{end}")

    def test_parts_of_a_rolling_log_are_named_alike_but_its_status(self) -> None:
        self.assertEqual(pack.name_in("lz4", "events_1_app-1-2.snappy"), "events_1_app-1-2.lz4")
        self.assertEqual(pack.name_in("lz4", "appstatus_app-1-2.inprogress"), "appstatus_app-1-2.inprogress")

    def test_the_codec_is_read_from_the_name(self) -> None:
        self.assertEqual(pack.codec_in("app-1-2.lzf.inprogress"), "lzf")
        self.assertIsNone(pack.codec_in("app-1-2"))
        self.assertIsNone(pack.codec_in("app-1-2.inprogress"))


class Codecs(unittest.TestCase):
    """The first runs of each codec and layout keep theirs."""

    def test_further_ones_are_zstd_by_codec_and_layout(self) -> None:
        runs = [run("lz4")] * (pack.AS_WRITTEN + 1) + [run("lz4", rolling=True), run("none")]
        self.assertEqual(pack.codecs_of(runs), ["lz4"] * pack.AS_WRITTEN + ["zstd", "lz4", "none"])

    def test_a_run_without_a_log_takes_no_place(self) -> None:
        runs = [run("lzf", event_log=None)] * 20 + [run("lzf")]
        self.assertEqual(pack.codecs_of(runs)[-1], "lzf")


class Shorter(unittest.TestCase):
    """The environment's repetitions are left out, all else stays byte for byte."""

    def test_only_class_path_and_hadoop_go(self) -> None:
        environment = {"Event": "SparkListenerEnvironmentUpdate", "Spark Properties": {"a": "ü"},
                       "Hadoop Properties": {"b": "c"}, "Classpath Entries": {"d": "e"}}
        compact = json.dumps(environment, separators=(",", ":")).encode()
        log = b'{"Event":"X"}\n' + compact + b"\n" + b'{"Event":"Y", "z": 1}\n'
        lines = shorter(log).split(b"\n")
        self.assertEqual((lines[0], lines[2], lines[3]), (b'{"Event":"X"}', b'{"Event":"Y", "z": 1}', b""))
        self.assertEqual(json.loads(lines[1]), {**environment, "Hadoop Properties": {}, "Classpath Entries": {}})

    def test_a_line_cut_short_stays(self) -> None:
        log = b'{"Event":"X"}\n{"Event":"SparkListenerEnvironmentUpdate","Hadoop Pro'
        self.assertEqual(shorter(log), log)


if __name__ == "__main__":
    unittest.main()
