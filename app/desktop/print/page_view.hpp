#pragma once

#include <QScrollArea>

#include <memory>

namespace mulligan::desktop
{

class ReportDocument;

/// Sheets of paper below each other, drawn by the document itself, at a zoom that fits the width or that was chosen.
class PageView : public QScrollArea
{
    Q_OBJECT

public:
    explicit PageView(QWidget *parent = nullptr);
    void setDocument(std::shared_ptr<const ReportDocument> document);
    /// Screen pixels a point; 0 fits the width.
    void setZoom(double zoom);
    [[nodiscard]] double zoom() const { return m_zoom; }
    [[nodiscard]] double effectiveZoom() const;
    [[nodiscard]] int currentPage() const; ///< 0-based, the one in the middle

Q_SIGNALS:
    void pageChanged(int page);
    void zoomChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    class Sheets;

    void layOut();

    std::shared_ptr<const ReportDocument> m_document;
    Sheets *m_sheets = nullptr;
    double m_zoom = 0.0;
};

} // namespace mulligan::desktop
