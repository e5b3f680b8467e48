#include "model/analysis/doctor_rules.h"
#include "model/network/optimizer_layout.h"

#include <algorithm>

namespace layerscope::analysis {

namespace {

/// Optimizers whose arithmetic depends on the step number (bias correction, schedules within).
bool countsSteps(const std::string& className)
{
    static constexpr auto counting = std::to_array<std::string_view>(
        { "Adam", "AdamW", "Adamax", "Nadam", "Adafactor", "Lamb", "ScheduleFreeAdamW", "Muon" });
    return std::ranges::find(counting, className) != counting.end();
}

void examineSetup(const Traits& traits, Diagnosis& diagnosis)
{
    if (!traits.isCompiled) {
        diagnosis.findings.push_back({ "no-training-setup", Severity::Note, {}, false,
            WORDS("doctor", "The file holds no training set-up: no loss, no optimizer."),
            WORDS("doctor",
                "Keras loads the model uncompiled (No training configuration found in the save "
                "file); training starts with a fresh optimizer."),
            WORDS("doctor", "Choose loss and optimizer before training.") });
        return;
    }
    if (!traits.shortNames.empty() && traits.container == Container::Hdf5) {
        const bool isOwn = traits.isKeras3();
        diagnosis.findings.push_back({ "short-loss-name",
            isOwn ? Severity::Warning : Severity::Note, "training_config", false,
            { WORDS("doctor", "The training set-up names a loss in short: %1."),
                listed(traits.shortNames) },
            WORDS("doctor",
                "Keras 3 cannot find short names in an .h5 file again (Could not locate function "
                "'mse'), so load_model fails unless it is told compile=False."),
            WORDS("doctor",
                "Save as .keras for Keras 3, where the names are understood, or remove the "
                "training set-up."),
            isOwn ? RemedyAction{ RemedyKind::SaveAs, "keras" }
                  : RemedyAction{ RemedyKind::StripTrainingSetup, {} } });
    }
    const auto custom = [&](const char* rule, const char* pattern,
                            const std::vector<std::string>& names, Sentence why) {
        if (names.empty())
            return;
        diagnosis.findings.push_back({ rule, Severity::Warning, "training_config", false,
            { pattern, listed(names) }, std::move(why),
            WORDS("doctor",
                "Nothing here needs it to show or save the model. Remove the training set-up, or "
                "choose another loss before training."),
            { RemedyKind::StripTrainingSetup, {} } });
    };
    custom("custom-loss", WORDS("doctor", "The loss is not one of Keras's own: %1."),
        traits.customLosses,
        WORDS("doctor",
            "Keras loads the file only where that function is at hand (Unknown loss function), or "
            "with compile=False."));
    custom("custom-metric", WORDS("doctor", "Metrics that are not Keras's own: %1."),
        traits.customMetrics,
        WORDS("doctor",
            "Keras loads the file only where these functions are at hand (Unknown metric "
            "function), or with compile=False."));
}

/// 14 variables = 2 + 2 × 6 trained weights: which optimizer they are of.
std::string optimizersWith(std::size_t variables, const Traits& traits)
{
    const auto weights = trainableWeightsOf(traits.network);
    std::vector<std::string> fitting;
    for (const char* name : { "Adam", "SGD", "RMSprop", "Adagrad", "Adadelta", "Ftrl" }) {
        Json config = Json::object();
        if (std::string_view(name) == "SGD")
            config["momentum"] = 0.9;
        const auto layout = optimizerLayout(name, config, traits.network.generation, weights);
        if (layout && layout->size() == variables)
            fitting.emplace_back(name);
    }
    return listed(fitting);
}

/// The numbers are there, and nobody says of which optimizer (the .keras that Keras 3 writes after
/// it has written an .h5).
void examineNameless(const Traits& traits, Diagnosis& diagnosis)
{
    const OptimizerState& state = *traits.network.optimizer;
    const Json config = traits.network.training ? traits.network.training->optimizer() : Json();
    if (config.is_object() || !traits.hasSlots || !traits.hasModel)
        return;
    const std::string fitting = optimizersWith(state.variables.size(), traits);
    diagnosis.findings.push_back({ "optimizer-unnamed", Severity::Warning, "optimizer", false,
        fitting.empty()
            ? Sentence(WORDS("doctor",
                           "The file holds %1 optimizer variables and does not say of which "
                           "optimizer."),
                state.variables.size())
            : Sentence(WORDS("doctor",
                           "The file holds %1 optimizer variables and does not say of which "
                           "optimizer; their number fits %2."),
                state.variables.size(), fitting),
        WORDS("doctor",
            "Keras 3 writes such a file when the model was saved as .h5 before. On loading it "
            "takes RMSprop and leaves the numbers out (Skipping variable loading for optimizer "
            "'rm_sprop')."),
        WORDS("doctor", "Choose that optimizer in the training set-up and save the file again.") });
}

void examineState(const Traits& traits, Diagnosis& diagnosis)
{
    const OptimizerState& state = *traits.network.optimizer;
    const bool isHdf5 = traits.container == Container::Hdf5;
    if (isHdf5 && traits.isKeras3() && traits.hasSlots)
        diagnosis.findings.push_back({ "keras3-drops-h5-optimizer", Severity::Warning, "optimizer",
            false,
            { WORDS("doctor",
                  "The optimizer's state (%1, %2 variables) is complete, but Keras 3 does not load "
                  "it from an .h5 file."),
                state.className, state.variables.size() },
            WORDS("doctor",
                "load_model drops it without a word, and the next fit() fails (Unknown variable … "
                "This optimizer can only be called for the variables it was originally built "
                "with). Here training continues from it."),
            WORDS("doctor", "Save as .keras, from which Keras 3 resumes."),
            { RemedyKind::SaveAs, "keras" } });
    if (isHdf5 && !traits.isKeras3() && traits.hasSlots)
        diagnosis.findings.push_back({ "keras3-drops-h5-optimizer", Severity::Note, "optimizer",
            false,
            { WORDS("doctor",
                  "The optimizer's state (%1, %2 variables) is lost when Keras 3 opens this .h5 "
                  "file."),
                state.className, state.variables.size() },
            WORDS("doctor",
                "Keras 3 says only: Error in loading the saved optimizer state. As a result, your "
                "model is starting with a freshly initialized optimizer."),
            WORDS("doctor", "Save as .keras for Keras 3, from which it resumes."),
            { RemedyKind::SaveAs, "keras" } });
    if (traits.container == Container::SavedModel && traits.hasSlots)
        diagnosis.findings.push_back({ "savedmodel-optimizer", Severity::Warning, "optimizer",
            false,
            { WORDS("doctor",
                  "%1 optimizer values are in the folder variables, but load_model of Keras 2 does "
                  "not bring them back."),
                state.variables.size() },
            WORDS("doctor",
                "It says nothing, and training starts with a fresh optimizer. Here it continues "
                "from them."),
            WORDS("doctor", "Save as .h5 for Keras 2, or call load_weights with the folder."),
            { RemedyKind::SaveAs, "h5-keras2" } });
    if (isHdf5 && !traits.isKeras3() && traits.isLossScaled)
        diagnosis.findings.push_back(
            { "loss-scale-optimizer", Severity::Warning, "optimizer", false,
                WORDS("doctor", "The optimizer is wrapped to scale the loss (LossScaleOptimizer)."),
                WORDS("doctor", "Keras 2 does not restore its state from an .h5 file."),
                WORDS("doctor", "Save as .keras for Keras 2.15."),
                { RemedyKind::SaveAs, "keras2.15" } });
    if (state.dialect == KerasGeneration::Legacy || state.dialect == KerasGeneration::Keras1)
        diagnosis.findings.push_back({ "legacy-optimizer", Severity::Note, "optimizer", false,
            { WORDS("doctor",
                  "%1 is of the kind of Keras 2.10 and earlier (optimizers.legacy): all first "
                  "moments, then all second ones."),
                state.className },
            WORDS("doctor",
                "Keras 2.11 and later warn that they restore a checkpoint from a legacy Keras "
                "optimizer into a v2.11+ Optimizer, where the order differs."),
            WORDS("doctor", "Save for Keras 2.11 to 2.15; the state is put in order."),
            { RemedyKind::SaveAs, "h5-keras2" } });
    if (!state.iterations && traits.hasSlots)
        diagnosis.findings.push_back({ "iteration-missing",
            countsSteps(state.className) ? Severity::Warning : Severity::Note, "optimizer", false,
            { WORDS("doctor", "The optimizer's state (%1) does not say at which step it stands."),
                state.className },
            WORDS("doctor",
                "The correction of the first steps starts anew, so the first updates are larger "
                "than they would have been; schedules start from the beginning."),
            WORDS("doctor", "Set the step in the training set-up before training.") });
    if (traits.isCompiled && state.variables.empty() && traits.container == Container::Archive
        && !traits.isKeras3() && state.dialect == KerasGeneration::Legacy)
        diagnosis.findings.push_back({ "legacy-optimizer-in-archive", Severity::Warning,
            "optimizer", false,
            WORDS("doctor",
                "Keras 2.15 writes no state of a legacy optimizer into a .keras file: it is not "
                "here."),
            WORDS("doctor", "Training starts with a fresh optimizer."),
            WORDS("doctor", "Save the model as .h5 in Keras 2.15 to keep the state.") });
}

/// A file of "weights" that is mostly the optimizer.
void examineWeightsFile(const Traits& traits, Diagnosis& diagnosis)
{
    const OptimizerState& state = *traits.network.optimizer;
    if (traits.container != Container::NewWeights || !traits.hasSlots)
        return;
    std::int64_t own = 0, extra = 0;
    for (const Weight& weight : traits.network.weights)
        own += weight.value.byteCount();
    for (const OptimizerVariable& variable : state.variables)
        extra += variable.value.byteCount();
    diagnosis.findings.push_back({ "optimizer-in-weights-file", Severity::Note, "optimizer", false,
        { WORDS("doctor", "This file of weights holds an optimizer's state, too: %1 of %2 bytes."),
            extra, own + extra },
        WORDS("doctor", "save_weights writes it unasked, and the file is so much larger."),
        WORDS("doctor", "Remove the optimizer's state if the weights alone are wanted."),
        { RemedyKind::StripOptimizer, {} } });
}

} // namespace

void examineTraining(const Traits& traits, Diagnosis& diagnosis)
{
    if (traits.hasModel) {
        examineSetup(traits, diagnosis);
        diagnosis.checked.emplace_back(WORDS("doctor", "loss, metrics and training set-up"));
    }
    if (traits.network.optimizer) {
        examineNameless(traits, diagnosis);
        examineState(traits, diagnosis);
        examineWeightsFile(traits, diagnosis);
    }
    diagnosis.checked.emplace_back(
        WORDS("doctor", "the optimizer: its variables against the weights, its step, its dialect"));
}

} // namespace layerscope::analysis
