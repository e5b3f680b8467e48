#include "model/network/architecture.h"

#include "model/core/json.h"
#include "model/crossing/crossing.h"
#include "model/formats/format.h"
#include "model/formats/oddities.h"
#include "model/layers/lower_model.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/look.h"

using namespace layerscope;

// {"keras_version", "model": the configuration, "training": the set-up,
//  "weights": [[layer, [[name, [shape]], …]], …]}

namespace {

constexpr std::int64_t mostElements = 1 << 20;

Json memberOf(const Json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() ? *found : Json();
}

std::optional<Shape> shapeOf(const Json& list)
{
    Shape shape;
    for (const Json& item : list) {
        if (!item.is_number_integer() || item.get<std::int64_t>() < 0)
            return std::nullopt;
        shape.push_back(item.get<std::int64_t>());
    }
    const auto count = elementCount(shape);
    return count && *count <= mostElements ? std::optional(shape) : std::nullopt;
}

std::vector<StoredGroup> groupsOf(const Json& list)
{
    std::vector<StoredGroup> groups;
    for (const Json& entry : list) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string())
            continue;
        StoredGroup group{ entry[0].get<std::string>(), {} };
        for (const Json& item : entry[1]) {
            if (!item.is_array() || item.size() != 2 || !item[0].is_string())
                continue;
            const auto shape = shapeOf(item[1]);
            auto tensor = shape ? Tensor::zeros(DType::Float32, *shape) : Error({}, "");
            if (!tensor)
                continue;
            Weight weight;
            weight.name = weight.path = item[0].get<std::string>();
            weight.value = *std::move(tensor);
            group.weights.push_back(std::move(weight));
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

void lower(const Network& network, layers::Mode mode)
{
    ops::Graph graph;
    ops::Builder builder(graph);
    layers::LoweringOptions options;
    options.mode = mode;
    options.noise = layers::Noise::Off;
    (void)layers::lowerModel(builder, network, 2, {}, options);
}

} // namespace

extern "C" int FUZZ_ENTRY(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Limits limits;
    const auto input = parseJson(fuzz::textOf(data, size));
    if (!input)
        return 0;
    (void)dumpJson(*input);
    Network network;
    network.architecture = JsonText(memberOf(*input, "model"));
    auto model = parseArchitecture(network.architecture.value(), network.problems);
    if (!model)
        return 0;
    network.model = *std::move(model);
    const Json version = memberOf(*input, "keras_version");
    network.file.kerasVersion = version.is_string() ? version.get<std::string>() : "";
    network.file.format = "h5";
    network.generation = kerasGeneration(network.file.kerasVersion, network.architecture.value());
    if (const Json training = memberOf(*input, "training"); training.is_object())
        network.training = TrainingSetup{ JsonText(training) };
    assignWeights(network, groupsOf(memberOf(*input, "weights")));
    formats::noteOddities(network);
    fuzz::describe(network);
    (void)layers::whatCannotRun(network);
    (void)layers::modelInputs(network);
    lower(network, layers::Mode::Inference);
    lower(network, layers::Mode::Training);
    for (const formats::ModelFormat* format : formats::allFormats())
        for (const std::string_view name : format->names)
            (void)crossing::cross(network, std::string(name));
    return 0;
}
