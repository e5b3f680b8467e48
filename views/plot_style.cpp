#include "views/plot_style.h"

#include <qcustomplot.h>

namespace layerscope::views {
namespace {

class RuleTicker final : public QCPAxisTicker
{
public:
    RuleTicker(QCPAxis& axis, TickRule rule, int pixelsPerTick)
        : m_axis(axis)
        , m_rule(std::move(rule))
        , m_pixelsPerTick(pixelsPerTick)
    {
    }

    void generate(const QCPRange& range, const QLocale&, QChar, int, QVector<double>& places,
        QVector<double>* subTicks, QVector<QString>* labels) override
    {
        const QRect area = m_axis.axisRect()->rect();
        const int length = m_axis.orientation() == Qt::Horizontal ? area.width() : area.height();
        places.clear();
        if (subTicks != nullptr)
            subTicks->clear();
        if (labels != nullptr)
            labels->clear();
        const int wanted = std::max(2, length / m_pixelsPerTick);
        for (const AxisTick& tick : m_rule(range.lower, range.upper, wanted)) {
            places.append(tick.place);
            if (labels != nullptr)
                labels->append(tick.label);
        }
    }

private:
    QCPAxis& m_axis;
    TickRule m_rule;
    int m_pixelsPerTick;
};

void styleAxis(QCPAxis& axis, const VisualLanguage& language, const QFont& font)
{
    axis.setTickLabelFont(font);
    axis.setLabelFont(font);
    axis.setTickLabelColor(language.quietText);
    axis.setLabelColor(language.quietText);
    axis.setSelectedTickLabelColor(language.quietText);
    axis.setSelectedLabelColor(language.quietText);
    axis.setSubTicks(false);
    const bool isHorizontal = axis.orientation() == Qt::Horizontal;
    const QPen line(
        isHorizontal ? language.faded(language.quietText, 0.6) : QColor(Qt::transparent));
    axis.setBasePen(line);
    axis.setTickPen(line);
    axis.setTickLengthIn(0);
    axis.setTickLengthOut(isHorizontal ? 4 : 0);
    axis.grid()->setVisible(!isHorizontal);
    axis.grid()->setPen(QPen(language.grid, 1));
    axis.grid()->setZeroLinePen(Qt::NoPen);
    axis.grid()->setSubGridVisible(false);
}

} // namespace

void stylePlot(QCustomPlot& plot, const VisualLanguage& language, const QFont& font)
{
    plot.setBackground(QBrush(language.background));
    for (QCPAxisRect* rect : plot.axisRects()) {
        for (QCPAxis* axis : rect->axes())
            styleAxis(*axis, language, font);
    }
}

void setTickRule(QCPAxis& axis, TickRule rule, int pixelsPerTick)
{
    axis.setTicker(QSharedPointer<RuleTicker>::create(axis, std::move(rule), pixelsPerTick));
}

} // namespace layerscope::views
