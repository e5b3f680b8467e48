#include "model/analysis/inspection.h"
#include "model/core/json.h"
#include "model/layers/lower_model.h"
#include "tests/fuzz/look.h"

namespace layerscope::fuzz {

void describe(const Network& network)
{
    (void)analysis::summaryText(network);
    if (const auto document = analysis::inspect(network, {}))
        (void)dumpStrictJson(*document);
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>&) {
        (void)layers::explain(layer, network);
    });
}

} // namespace layerscope::fuzz
