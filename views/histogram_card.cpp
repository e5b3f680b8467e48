#include "views/histogram_card.h"

#include "views/histogram_plot.h"
#include "views/number_text.h"
#include "views/statistics_text.h"

#include <QLabel>
#include <QVBoxLayout>

namespace layerscope::views {
namespace {

/// Pairs of title and figure as rich text: it can be selected and copied.
QString figureTable(const analysis::Statistics& statistics, int columns)
{
    QString rows;
    const auto figures = statisticsFigures(statistics);
    for (int i = 0; i < figures.size(); ++i) {
        if (i % columns == 0)
            rows += i == 0 ? QStringLiteral("<tr>") : QStringLiteral("</tr><tr>");
        rows += QStringLiteral("<td>%1&nbsp;</td><td align=\"right\"><b>%2</b></td>"
                               "<td>&nbsp;&nbsp;&nbsp;</td>")
                    .arg(figures[i].first.toHtmlEscaped(), figures[i].second.toHtmlEscaped());
    }
    return QStringLiteral("<table cellspacing=\"0\" cellpadding=\"1\">") + rows
        + QStringLiteral("</tr></table>");
}

} // namespace

HistogramCard::HistogramCard(QWidget* parent)
    : QFrame(parent)
    , m_title(new QLabel(this))
    , m_plot(new HistogramPlot(this))
    , m_figures(new QLabel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_plot, 1);
    layout->addWidget(m_figures);
    m_title->setTextFormat(Qt::RichText);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setMinimumWidth(1); // long names are cut, not the window widened
    m_figures->setTextFormat(Qt::RichText);
    m_figures->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_figures->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_figures->setMinimumWidth(1);
}

void HistogramCard::setItem(const WeightItem& item)
{
    m_item = item;
    const qint64 count = elementCount(item.shape).value_or(0);
    QString details = item.shapeText();
    if (item.shape.size() > 1)
        details += QStringLiteral(" = ") + countText(count);
    details += QStringLiteral(", ")
        + QString::fromUtf8(layerscope::name(item.dtype).data(),
            static_cast<qsizetype>(layerscope::name(item.dtype).size()));
    if (!item.isTrainable)
        details += QStringLiteral(", ") + tr("not trainable");
    m_title->setText(QStringLiteral("<b>%1</b>&nbsp; %2")
                         .arg(item.name.toHtmlEscaped(), details.toHtmlEscaped()));
    m_title->setToolTip(item.layerText());
    m_figures->setAccessibleName(tr("Figures of %1").arg(item.name));
    setStatistics(nullptr, {});
}

void HistogramCard::setStatistics(SharedStatistics statistics, const HistogramOptions& options)
{
    m_statistics = std::move(statistics);
    showFigures();
    if (!m_statistics)
        return m_plot->showReason(tr("Reading the values…"));
    const HistogramDrawing drawing = drawingOf(*m_statistics, options, m_item.initializer);
    if (!drawing.isEmpty())
        return m_plot->setDrawing(drawing, m_item.name);
    m_plot->showReason(m_statistics->count == 0
            ? tr("This array has no elements.")
            : tr("None of the %n value(s) is a finite number.", nullptr,
                static_cast<int>(std::min<qint64>(m_statistics->count, 1'000'000'000))));
}

void HistogramCard::showFigures()
{
    const int room = width() / fontMetrics().horizontalAdvance(QStringLiteral("mean 0.001234    "));
    m_figureColumns = room >= 4 ? 4 : 2;
    m_figures->setText(m_statistics ? figureTable(*m_statistics, m_figureColumns) : QString());
}

void HistogramCard::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    const int before = m_figureColumns;
    showFigures();
    if (before != m_figureColumns)
        updateGeometry();
}

void HistogramCard::setFailure(const QString& why)
{
    m_statistics = nullptr;
    m_figures->clear();
    m_plot->showReason(why);
}

} // namespace layerscope::views
