#include "model/crossing/crossing.h"

#include "model/crossing/changes.h"
#include "model/crossing/compile_settings.h"
#include "model/crossing/config_crossing.h"
#include "model/crossing/container_scalars.h"
#include "model/crossing/json_access.h"
#include "model/crossing/keras1.h"
#include "model/crossing/optimizer.h"
#include "model/crossing/tf_keras.h"
#include "model/crossing/vocabularies.h"
#include "model/crossing/weights.h"
#include "model/network/architecture.h"

#include <algorithm>

namespace layerscope::crossing {

namespace {

const char* versionOf(KerasGeneration generation)
{
    return generation == KerasGeneration::Keras3 ? "3.15.1"
        : generation == KerasGeneration::Keras2  ? "2.15.0"
                                                 : "2.10.0";
}

std::vector<std::string> outputNames(const Layer& model)
{
    std::vector<std::string> names = model.outputNames;
    if (names.empty())
        for (const TensorReference& output : model.outputs)
            names.push_back(model.layers[output.layer].name);
    if (names.empty() && !model.layers.empty())
        names.push_back(model.layers.back().name);
    return names;
}

/// Loss, metrics and optimizer, once the weights of `target` stand.
Result<void> crossTrainingState(const Network& source, Network& target, const MovedWeights& moved,
    const std::map<std::string, std::string>& renamed, Journey& journey)
{
    target.training.reset();
    target.optimizer.reset();
    if (!source.training)
        return {};
    const bool hadOptimizer = source.training->optimizer().is_object();
    if (!hadOptimizer && !journey.to.keras3()) {
        if (!source.training->loss().is_null()) // a bug of Keras 3 leaves the optimizer out
            journey.remark("The file does not say which optimizer the model was compiled with, "
                           "which Keras 2 needs; it was saved without loss and metrics.");
        return {};
    }
    TRY(auto optimizer, crossOptimizer(source, target, moved, journey));
    if (hadOptimizer && !optimizer) // the reason is among the remarks
        return {};
    target.training = crossTraining(*source.training, optimizer ? optimizer->object : Json(),
        renamed, outputNames(source.model), journey);
    if (target.training && optimizer)
        target.optimizer = std::move(optimizer->state);
    return {};
}

/// Between Keras 2.11 and what was before, in files of one kind, only the optimizer differs.
Result<Crossed> crossOptimizerOnly(const Network& network, Journey& journey)
{
    Crossed crossed{ network, {}, {} };
    const KerasGeneration written
        = network.optimizer ? network.optimizer->dialect : network.generation;
    crossed.network.generation = journey.to.generation;
    if (network.generation != journey.to.generation)
        crossed.network.file.kerasVersion = versionOf(journey.to.generation);
    if (!network.training || written == journey.to.generation)
        return crossed;
    MovedWeights same;
    for (WeightIndex i = 0; i < network.weights.size(); ++i)
        same.target.emplace_back(i);
    TRY(auto optimizer, crossOptimizer(network, network, same, journey));
    // Unlike between generations the source's own dialect is at hand, so that nothing need be lost.
    if (!optimizer && network.training->optimizer().is_object())
        return Error(ErrorKind::Unsupported,
            (journey.remarks.empty() ? "The file does not say which optimizer it is."
                                     : journey.remarks.back())
                + " Choose h5-keras2, or another optimizer.");
    if (optimizer) {
        Json setup = network.training->source.value();
        setup["optimizer_config"] = optimizer->object;
        crossed.network.training = TrainingSetup{ JsonText(std::move(setup)) };
        crossed.network.optimizer = std::move(optimizer->state);
    }
    return crossed;
}

/// Whether something in the configuration means another thing to every later Keras.
bool hasOldGru(const Json& value)
{
    if (value.is_array())
        return std::any_of(value.begin(), value.end(), hasOldGru);
    if (!value.is_object())
        return false;
    const std::string className = textAt(value, "class_name");
    if ((className == "GRU" || className == "GRUCell")
        && !member(value, "config").contains("reset_after"))
        return true;
    for (const auto& [key, item] : value.items())
        if (hasOldGru(item))
            return true;
    return false;
}

Result<Crossed> crossEverything(Network network, std::string_view format, Journey& journey)
{
    TRY(const auto dropped, mergeLora(network, journey));
    Crossed crossed{ network, {}, {} };
    Network& target = crossed.network;
    target.carried.reset();
    target.generation = journey.to.generation;
    target.file.format = format;
    target.file.kerasVersion = versionOf(journey.to.generation);
    ConfigCrossing config(journey);
    TRY(Json architecture, config.root(network.architecture.value(), network.model));
    target.architecture = JsonText(std::move(architecture));
    std::vector<Problem> problems; // the source's are known already
    TRY(target.model, parseArchitecture(target.architecture.value(), problems));
    TRY(const MovedWeights moved,
        moveWeights(network, target, config.newNames(), dropped, journey));
    TRY_DO(crossTrainingState(network, target, moved, config.renamedLayers(), journey));
    return crossed;
}

/// Weights without the model they belong to. Those of the newer layout of Keras 2 lie in groups
/// that Keras 3 finds under almost the same names; everything else needs to know the layers.
Result<Crossed> crossBareWeights(const Network& network, std::string_view format, const Dialect& to)
{
    const bool isNewLayout = network.file.format == "weights.h5-keras2";
    const bool wantsWeights = format.starts_with("weights.");
    if (isNewLayout && wantsWeights && to.keras3()) {
        Crossed crossed{ network, {}, {} };
        crossed.network.generation = KerasGeneration::Keras3;
        if (crossed.network.optimizer)
            crossed.remarks.emplace_back(
                "The optimizer's state was left out: the file does not say which optimizer it is "
                "of, and Keras 3 orders its variables in another way.");
        crossed.network.optimizer.reset();
        return crossed;
    }
    const char* const why = wantsWeights && !to.keras3()
        ? "Keras 2 looks for a place of every layer, also of those without weights, which the file "
          "does not list"
        : wantsWeights ? "the places of weights follow from the classes of layers and their order, "
                         "which the file does not say"
                       : "only with it a model can be written for another Keras";
    return Error(ErrorKind::Unsupported,
        std::string("the file holds weights without the model they belong to, and ") + why
            + "; attach the architecture (--architecture), or save as npz or safetensors");
}

} // namespace

Result<Crossed> cross(const Network& network, std::string_view format, OwnWords words)
{
    const auto to = dialectOf(format, network);
    const Dialect from = dialectOf(network);
    // A folder is an archive that was not packed.
    const bool isUnpacked = network.file.format == "keras-folder" && format == "keras"
        && from.generation == KerasGeneration::Keras3;
    const bool isSame = !to || network.file.format == format || isUnpacked;
    const bool isUnknown = network.architecture.isEmpty();
    if (!to || (isUnknown && (isSame || from.keras3() == to->keras3())))
        return Crossed{ network, {}, {} };
    if (isUnknown)
        return crossBareWeights(network, format, *to);
    Journey journey{ from, *to, {} };
    Network source = network;
    if (!isSame || words == OwnWords::Translate)
        dropTfKerasWords(source, journey);
    if (!isSame)
        tellVocabularies(source, journey);
    if (isSame) {
        if (to->keras3() && to->archive()) // which has a place for the merged kernel alone
            TRY_DO(mergeLora(source, journey));
        std::vector<Change> changes = differences(network, source);
        return Crossed{ std::move(source), std::move(changes), std::move(journey.remarks) };
    }
    if (from.generation == KerasGeneration::Keras1) {
        TRY(source, renewKeras1(network, journey));
        journey.from.generation = source.generation;
    }
    const bool onlyOptimizer = !from.keras3() && !to->keras3() && !from.archive() && !to->archive()
        && from.generation != KerasGeneration::Keras1 && !hasOldGru(network.architecture.value());
    TRY(Crossed crossed,
        onlyOptimizer ? crossOptimizerOnly(source, journey)
                      : crossEverything(std::move(source), format, journey));
    settleScalars(network, crossed.network, journey);
    crossed.changes = differences(network, crossed.network);
    crossed.remarks = std::move(journey.remarks);
    return crossed;
}

} // namespace layerscope::crossing
