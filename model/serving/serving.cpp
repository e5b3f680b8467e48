#include "model/serving/serving.h"

#include "model/layers/lower_model.h"

namespace layerscope::serving {

namespace {

std::map<std::string, formats::InputShapes> inputShapes(const Network& network)
{
    std::map<std::string, formats::InputShapes> result;
    for (const auto& [path, shapes] : layers::inferInputShapes(network)) {
        formats::InputShapes& list = result[path];
        for (const PartialShape& shape : shapes) {
            auto& lengths = list.emplace_back();
            for (std::size_t axis = 0; axis < shape.size(); ++axis)
                lengths.push_back(
                    shape[axis] == openDimension ? std::nullopt : std::optional(shape[axis]));
        }
    }
    return result;
}

} // namespace

formats::LayerKnowledge layerKnowledge()
{
    return { .inputShapes = inputShapes, .serving = servingFunction };
}

} // namespace layerscope::serving
