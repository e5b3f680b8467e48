#include "views/weights_view.h"

namespace layerscope::views {

size_t qHash(const ValueSource& source, size_t seed)
{
    return qHashMulti(seed, static_cast<int>(source.kind), source.index);
}

size_t qHash(const StatisticsRequest& request, size_t seed)
{
    return qHashMulti(seed, request.source, request.bins);
}

class WeightsView::Private
{
public:
    std::shared_ptr<const Network> network;
    Scope scope = Scope::SelectedLayer;
};

WeightsView::WeightsView(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
}

WeightsView::~WeightsView() = default;

void WeightsView::setNetwork(std::shared_ptr<const Network> network)
{
    d->network = std::move(network);
}

const std::shared_ptr<const Network>& WeightsView::network() const
{
    return d->network;
}
void WeightsView::selectLayer(const QStringList&) {}
void WeightsView::setStatistics(const StatisticsRequest&, SharedStatistics) {}
void WeightsView::setStatisticsFailed(const StatisticsRequest&, const QString&) {}
void WeightsView::setProgress(qint64, qint64, const QString&) {}
WeightsView::Scope WeightsView::scope() const
{
    return d->scope;
}
void WeightsView::setScope(Scope scope)
{
    d->scope = scope;
}
QByteArray WeightsView::exported(ExportFormat) const
{
    return {};
}

} // namespace layerscope::views
