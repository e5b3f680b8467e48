#include "views/pulse_item_model.h"

#include "views/number_text.h"

#include <cmath>

namespace layerscope::views {
namespace {

constexpr std::size_t mostPoints = 256;

QString pathText(const std::string& path)
{
    return QString::fromStdString(path).replace(u'/', QStringLiteral(" / "));
}

void halve(std::vector<double>& values)
{
    for (std::size_t i = 0; 2 * i < values.size(); ++i)
        values[i] = values[2 * i];
    values.resize((values.size() + 1) / 2);
}

} // namespace

void PulseItemModel::clear()
{
    beginResetModel();
    m_traces.clear();
    m_rows.clear();
    m_stride = 1;
    m_skipped = 0;
    endResetModel();
}

void PulseItemModel::add(const std::vector<training::LayerPulse>& pulse)
{
    if (++m_skipped < m_stride)
        return;
    m_skipped = 0;
    for (const training::LayerPulse& one : pulse) {
        const QString path = pathText(one.path);
        auto row = m_rows.constFind(path);
        if (row == m_rows.constEnd()) {
            const int last = static_cast<int>(m_traces.size());
            beginInsertRows({}, last, last);
            m_traces.push_back({ path, {}, {} });
            row = m_rows.insert(path, last);
            endInsertRows();
        }
        LayerTrace& trace = m_traces[static_cast<std::size_t>(*row)];
        trace.gradientNorms.push_back(one.gradientNorm);
        trace.updateRatios.push_back(one.updateRatio);
    }
    // A long run keeps its shape: every other point goes, and points come half as often.
    if (!m_traces.empty() && m_traces.front().updateRatios.size() > mostPoints) {
        m_stride *= 2;
        for (LayerTrace& trace : m_traces) {
            halve(trace.gradientNorms);
            halve(trace.updateRatios);
        }
    }
    if (!m_traces.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
}

QString PulseItemModel::verdict(const LayerTrace& trace)
{
    if (trace.updateRatios.empty())
        return {};
    const double ratio = trace.updateRatios.back();
    if (!std::isfinite(ratio) || !std::isfinite(trace.gradientNorms.back()))
        return tr("not finite");
    if (ratio < 1e-5)
        return tr("hardly moves");
    return ratio > 3e-2 ? tr("moves fast") : QString();
}

int PulseItemModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_traces.size());
}

QVariant PulseItemModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const LayerTrace& trace = this->trace(index.row());
    if (role == Qt::DisplayRole)
        return trace.path;
    if ((role != Qt::ToolTipRole && role != Qt::AccessibleDescriptionRole)
        || trace.updateRatios.empty())
        return {};
    const QString text = tr("%1\nGradient norm %2\nUpdate ratio %3 (about 0.001 is usual)")
                             .arg(trace.path, numberText(trace.gradientNorms.back()),
                                 numberText(trace.updateRatios.back()));
    const QString word = verdict(trace);
    return word.isEmpty() ? text : QString(text + QStringLiteral(", ") + word);
}

} // namespace layerscope::views
