#include "model/analysis/doctor_rules.h"

#include <algorithm>
#include <array>

namespace layerscope::analysis {

namespace {

/// What is known beyond a problem's own words, by what they begin with or contain.
struct Background
{
    std::string_view words;
    const char* rule; ///< null: another family of rules says it better
    const char* why;
    RemedyKind action = RemedyKind::None;
};

constexpr auto backgrounds = std::to_array<Background>({
    { "The layer is Python code inside the file", nullptr, nullptr },
    { "The layer would load another model", nullptr, nullptr },
    { "The layer's class '", nullptr, nullptr },
    { "holds an inference graph", nullptr, nullptr },
    { "The file holds weights and no architecture", nullptr, nullptr },
    { "The file says how the model was compiled, but holds no optimizer state",
        "no-optimizer-state",
        WORDS("doctor", "Keras starts a fresh optimizer; the first updates differ.") },
    { "Another program has this file open for writing", "being-written",
        WORDS("doctor",
            "Keras cannot open it meanwhile (Unable to lock file). It was opened here for reading "
            "without a lock.") },
    { "weights for this layer, its configuration asks for", "weight-count",
        WORDS("doctor",
            "Keras refuses to load it (Weight count mismatch for layer): a bias was switched on or "
            "off, or the weights are of another model.") },
    { "The file holds no weights for this layer", "layer-without-weights",
        WORDS("doctor",
            "Keras refuses to load it (Layer count mismatch when loading weights from file).") },
    { "and the model has no such layer", "layer-too-many",
        WORDS("doctor",
            "Keras refuses to load it (You are trying to load a weight file containing more layers "
            "than the model has).") },
    { "Its weights are stored under the name '", "renamed-layer",
        WORDS("doctor",
            "Keras pairs weights with layers by position here, not by name; load_weights with "
            "by_name would leave them out.") },
    { "but the kernel in the file has shape", "weight-shape",
        WORDS("doctor", "Keras refuses to load it (Shape mismatch in layer).") },
    { "variables do not fit", "optimizer-mismatch",
        WORDS("doctor",
            "Keras starts a fresh optimizer instead (Error in loading the saved optimizer state)."),
        RemedyKind::StripOptimizer },
    { "The order of the variables of '", "optimizer-unknown",
        WORDS("doctor", "Training can continue only with another optimizer."),
        RemedyKind::StripOptimizer },
    { "The optimizer's state cannot be read", "optimizer-unreadable",
        WORDS("doctor", "Keras starts a fresh optimizer instead."), RemedyKind::StripOptimizer },
    { "This array cannot be read", "array-unreadable",
        WORDS("doctor", "Keras cannot load the model while one array is missing.") },
    { "The values cannot be read", "values-unreadable",
        WORDS("doctor", "Keras cannot load the model without them.") },
    { "do not fit their checksum", "wrong-checksum",
        WORDS("doctor", "TensorFlow compares checksums and refuses to load the model.") },
    { "The activation function", "unknown-activation",
        WORDS("doctor", "Keras loads the layer only where that function is at hand.") },
    { "This is a link and is not followed", "link",
        WORDS("doctor",
            "A link in a model can lead to any file of the computer that opens it; Keras follows "
            "it.") },
    { "Nothing in the file refers to this", "unreferenced",
        WORDS("doctor", "Keras passes over it.") },
    { "This attribute is not one of Keras's", "foreign-attribute",
        WORDS("doctor", "Keras passes over it.") },
    { "a version that this program does not know", "future-version",
        WORDS("doctor", "A newer Keras may keep things that are not understood here.") },
    { "does not say at its root which Keras wrote it", "no-version",
        WORDS("doctor",
            "Keras 2 then takes the file for one of Keras 1 and may turn its kernels around.") },
    { "is not a possible shape", "impossible-shape",
        WORDS("doctor", "Keras refuses to build such a model.") },
    { "which is no size", "impossible-size",
        WORDS("doctor", "Keras refuses to build such a model.") },
    { "Keras converts them when it loads", "stored-dtype",
        WORDS("doctor", "After the next save by Keras the file looks different.") },
    { "(a user block)", "user-block", WORDS("doctor", "Keras passes over them.") },
});

bool isLayerPath(const Network& network, const std::string& where)
{
    bool found = false;
    visitLayers(network.model, [&](const Layer&, const std::vector<std::string>& names) {
        std::string path;
        for (const std::string& name : names)
            path += (path.empty() ? "" : "/") + name;
        found = found || (!names.empty() && path == where);
    });
    return found;
}

} // namespace

void takeProblems(const Network& network, Diagnosis& diagnosis)
{
    for (const Problem& problem : network.problems) {
        Finding finding;
        finding.rule = "problem";
        finding.severity = problem.severity;
        finding.where = problem.where;
        finding.isLayer = isLayerPath(network, problem.where);
        finding.what = Sentence(problem.what);
        finding.remedy = Sentence(problem.remedy);
        const auto known = std::ranges::find_if(backgrounds, [&](const Background& background) {
            return problem.what.find(background.words) != std::string::npos;
        });
        if (known != backgrounds.end()) {
            if (known->rule == nullptr)
                continue;
            finding.rule = known->rule;
            finding.why = Sentence(known->why);
            finding.action.kind = known->action;
        }
        diagnosis.findings.push_back(std::move(finding));
    }
}

} // namespace layerscope::analysis
