#include "views/histogram_sheet.h"

#include "views/histogram_painter.h"
#include "views/number_text.h"
#include "views/statistics_text.h"

#include <QPainter>

#include <cmath>

namespace layerscope::views {
namespace {

constexpr int margin = 24;
constexpr int gap = 24;
constexpr int headHeight = 40;

/// Many histograms are drawn smaller, without axes and figures.
struct Layout
{
    QSize cell;
    int columns;
    bool isDense;

    QRect cellAt(qsizetype index) const
    {
        const auto column = static_cast<int>(index % columns);
        const auto row = static_cast<int>(index / columns);
        return { QPoint(margin + column * (cell.width() + gap),
                     margin + headHeight + row * (cell.height() + gap)),
            cell };
    }
};

Layout layoutFor(qsizetype count)
{
    constexpr qsizetype mostFull = 48;
    if (count > mostFull)
        return { { 190, 116 }, 6, true };
    return { { 400, 280 }, count < 2 ? 1 : count < 5 ? 2 : 3, false };
}

/// "mean 0.001   std 0.043   …" on two lines.
QString figureLines(const analysis::Statistics& statistics)
{
    QString text;
    const auto figures = statisticsFigures(statistics);
    for (int i = 0; i < figures.size(); ++i) {
        text += figures[i].first + u' ' + figures[i].second;
        text += i == 2 ? QStringLiteral("\n") : QStringLiteral("    ");
    }
    return text;
}

void paintEntry(QPainter& painter, const QRect& area, const HistogramSheet::Entry& entry,
    const HistogramOptions& options, bool isDense, const VisualLanguage& language)
{
    QFont font = painter.font();
    font.setBold(true);
    painter.save();
    painter.setFont(font);
    const int line = QFontMetrics(font, painter.device()).height();
    painter.setPen(language.text);
    const QString layer = entry.item.layerText();
    const QString name
        = layer.isEmpty() ? entry.item.name : layer + QStringLiteral(" / ") + entry.item.name;
    const QFontMetrics metrics(font, painter.device());
    painter.drawText(QRect(area.left(), area.top(), area.width(), line), Qt::AlignLeft,
        metrics.elidedText(name, Qt::ElideMiddle, area.width()));
    painter.restore();
    if (isDense) {
        HistogramOptions plain = options;
        plain.showsGuides = false;
        if (entry.statistics)
            paintHistogram(painter, area.adjusted(0, line + 2, 0, 0),
                drawingOf(*entry.statistics, plain), language, HistogramDetail::Sparkline);
        return;
    }
    painter.setPen(language.quietText);
    painter.drawText(QRect(area.left(), area.top() + line, area.width(), line), Qt::AlignLeft,
        entry.item.shapeText());
    if (!entry.statistics)
        return;
    const QRect plot = area.adjusted(0, 2 * line + 4, 0, -2 * line - 8);
    const HistogramDrawing drawing = drawingOf(*entry.statistics, options, entry.item.initializer);
    paintHistogram(painter, plot, drawing, language, HistogramDetail::Full);
    painter.setPen(language.text);
    painter.drawText(QRect(area.left(), plot.bottom() + 6, area.width(), 2 * line + 4),
        Qt::AlignLeft, figureLines(*entry.statistics));
}

QByteArray exactText(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "Infinity" : "-Infinity";
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

QByteArray quoted(const QString& text)
{
    QByteArray bytes = text.toUtf8();
    return '"' + bytes.replace('"', "\"\"") + '"';
}

template<class Range, class Write> QByteArray joined(const Range& range, const Write& write)
{
    QByteArrayList parts;
    for (const auto& value : range)
        parts.append(write(value));
    return parts.join(' ');
}

} // namespace

QSize HistogramSheet::size() const
{
    if (entries.isEmpty())
        return {};
    const Layout layout = layoutFor(entries.size());
    const QRect last = layout.cellAt(entries.size() - 1);
    return { 2 * margin + layout.columns * (layout.cell.width() + gap) - gap,
        last.bottom() + margin };
}

void HistogramSheet::paint(QPainter& painter, const VisualLanguage& language) const
{
    painter.fillRect(QRect(QPoint(), size()), language.background);
    QFont font = painter.font();
    font.setPixelSize(18);
    painter.setFont(font);
    painter.setPen(language.text);
    painter.drawText(QRect(margin, margin, size().width() - 2 * margin, headHeight),
        Qt::AlignLeft | Qt::AlignTop, title);
    font.setPixelSize(12);
    painter.setFont(font);
    const Layout layout = layoutFor(entries.size());
    for (qsizetype i = 0; i < entries.size(); ++i)
        paintEntry(painter, layout.cellAt(i), entries[i], options, layout.isDense, language);
}

QByteArray HistogramSheet::csv() const
{
    QByteArray text = "layer,weight,shape,dtype,count,mean,std,min,max,zeros,nan,inf,"
                      "bin_edges,bin_counts\n";
    for (const Entry& entry : entries) {
        if (!entry.statistics)
            continue;
        const auto& statistics = *entry.statistics;
        const std::string_view dtype = layerscope::name(entry.item.dtype);
        QByteArrayList cells{ quoted(entry.item.layerPath.join(u'/')), quoted(entry.item.name),
            quoted(QString::fromStdString(toString(entry.item.shape))),
            QByteArray(dtype.data(), static_cast<qsizetype>(dtype.size())),
            QByteArray::number(static_cast<qint64>(statistics.count)) };
        for (const double figure :
            { statistics.mean, statistics.std, statistics.min, statistics.max })
            cells.append(exactText(figure));
        for (const std::int64_t count : { statistics.zeros, statistics.nan, statistics.inf })
            cells.append(QByteArray::number(static_cast<qint64>(count)));
        cells.append(joined(statistics.histogram.edges, exactText));
        cells.append(joined(statistics.histogram.counts,
            [](std::int64_t count) { return QByteArray::number(static_cast<qint64>(count)); }));
        text += cells.join(',') + '\n';
    }
    return text;
}

} // namespace layerscope::views
