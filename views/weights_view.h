#pragma once

#include "model/analysis/statistics.h"
#include "model/network/network.h"
#include "views/export_format.h"

#include <QList>
#include <QWidget>

#include <memory>

namespace layerscope::views {

/// An array of a Network whose values a view wants to show.
struct ValueSource
{
    enum class Kind {
        Weight, ///< Network::weights[index]
        OptimizerVariable, ///< Network::optimizer->variables[index]
    };
    Kind kind = Kind::Weight;
    std::size_t index = 0;
    bool operator==(const ValueSource&) const = default;
};

/// What a view asks to be computed: computeStatistics(value, {.bins = bins}).
struct StatisticsRequest
{
    ValueSource source;
    int bins = 30; ///< may be analysis::automaticBinCount
    bool operator==(const StatisticsRequest&) const = default;
};

size_t qHash(const ValueSource& source, size_t seed = 0);
size_t qHash(const StatisticsRequest& request, size_t seed = 0);

using SharedStatistics = std::shared_ptr<const analysis::Statistics>;

/// The Weights tab: histograms and figures of the selected layer's weights side by side, or of all
/// layers as small multiples; of the values, or of the optimizer's slots for them.
///
/// How to wire it:
///   setNetwork() when a document opens and whenever its network changes (each kept snapshot of a
///     training run too: what is on screen stays until new figures arrive);
///   selectLayer() when the tree's selection changes;
///   on statisticsRequested(), compute what the list says, in its order, in the background, and
///     hand each result to setStatistics() or setStatisticsFailed() with the request it is for.
///     Late results of another network must not be handed over: drop them by the network pointer.
///   on exportRequested(), ask for a file name and write exported(format) to it.
///   on layerActivated(), select that layer in the tree (it was double-clicked among all layers).
class WeightsView : public QWidget
{
    Q_OBJECT

public:
    enum class Scope {
        SelectedLayer,
        AllLayers,
    };

    explicit WeightsView(QWidget* parent = nullptr);
    ~WeightsView() override;

    /// Null: no model is open. Keeps the selected layer where the new network has one of its path.
    void setNetwork(std::shared_ptr<const Network> network);
    const std::shared_ptr<const Network>& network() const;

    /// Names from the outermost model inwards, as visitLayers() gives them; empty: the whole model.
    /// A model's weights are those of all layers in it.
    void selectLayer(const QStringList& path);

    void setStatistics(const StatisticsRequest& request, SharedStatistics statistics);
    void setStatisticsFailed(const StatisticsRequest& request, const QString& why);

    /// What goes on in the background, in words ("Reading fc1/kernel"), and how far it is; shown
    /// while anything asked for is missing. `total` 0: unknown.
    void setProgress(qint64 done, qint64 total, const QString& what);

    Scope scope() const;
    void setScope(Scope scope);

    /// The picture or the table on screen. Empty where there is nothing to show.
    QByteArray exported(ExportFormat format) const;

signals:
    /// Replaces the list asked for before: what is not in it any more is not wanted any more.
    /// The first ones are on screen.
    void statisticsRequested(const QList<layerscope::views::StatisticsRequest>& requests);
    void exportRequested(layerscope::views::ExportFormat format);
    void layerActivated(const QStringList& path);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace layerscope::views

Q_DECLARE_METATYPE(layerscope::views::StatisticsRequest)
