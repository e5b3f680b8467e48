#include "model/analysis/doctor_rules.h"
#include "model/analysis/lambda_code.h"

namespace layerscope::analysis {

namespace {

const Layer* layerAt(const Network& network, const std::string& wanted)
{
    const Layer* found = nullptr;
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>& names) {
        std::string path;
        for (const std::string& name : names)
            path += (path.empty() ? "" : "/") + name;
        if (path == wanted && !names.empty())
            found = &layer;
    });
    return found;
}

Sentence codeSentence(const Network& network, const std::string& path)
{
    const Layer* layer = layerAt(network, path);
    const auto code = layer != nullptr ? lambdaCode(layer->config) : std::nullopt;
    if (!code)
        return WORDS(
            "doctor", "This Lambda layer names a Python function that is not in the file.");
    if (code->python.empty())
        return { WORDS("doctor", "This Lambda layer is Python code: %1 bytes in the file."),
            code->bytes };
    return { WORDS("doctor", "This Lambda layer is Python code: %1 bytes, made by Python %2."),
        code->bytes, code->python };
}

void examineCode(const Traits& traits, Diagnosis& diagnosis)
{
    for (const std::string& path : traits.codeLayers)
        diagnosis.findings.push_back({ "lambda-code", Severity::Warning, path, true,
            codeSentence(traits.network, path),
            WORDS("doctor",
                "Code in a model can do anything to the computer that runs it, and only the very "
                "Python that made it can read it (bad marshal data). Keras 2.13 and later refuse "
                "it in safe mode. It is never run here."),
            WORDS("doctor",
                "The other layers and all weights are sound and can be exported. In Keras, write "
                "the layer anew as a class of its own.") });
    for (const std::string& path : traits.foreignLayers)
        diagnosis.findings.push_back({ "foreign-model", Severity::Warning, path, true,
            WORDS("doctor", "This layer (TFSMLayer) would load another model from somewhere."),
            WORDS("doctor",
                "A model that pulls in another one can run code that nobody looked at. That is "
                "never done here."),
            WORDS("doctor", "Open that model by itself.") });
}

void examineCustom(const Traits& traits, Diagnosis& diagnosis)
{
    if (!traits.customClasses.empty())
        diagnosis.findings.push_back({ "custom-layer", Severity::Warning, {}, false,
            { WORDS("doctor", "Classes that are not Keras's own: %1."),
                listed(traits.customClasses) },
            WORDS("doctor",
                "Keras loads the file only where their Python code is at hand (Unknown layer: … "
                "custom_objects); nothing can compute them here."),
            WORDS("doctor",
                "Give the classes to load_model as custom_objects. Here their configuration and "
                "weights are shown, kept and saved unchanged.") });
    if (!traits.customFunctions.empty())
        diagnosis.findings.push_back({ "custom-function", Severity::Warning, {}, false,
            { WORDS("doctor", "Functions that are not Keras's own: %1."),
                listed(traits.customFunctions) },
            WORDS("doctor",
                "Keras loads the file only where their Python code is at hand; nothing can compute "
                "them here."),
            WORDS("doctor",
                "Give the functions to load_model as custom_objects. Here they are kept and saved "
                "unchanged.") });
}

/// Keys and names that some Keras refuses. Notes: the file is what its own Keras makes.
void examineKeys(const Traits& traits, Diagnosis& diagnosis)
{
    const auto note = [&](const char* rule, const std::vector<std::string>& where, Sentence what,
                          Sentence why, const char* format) {
        diagnosis.findings.push_back({ rule, Severity::Note, where.front(), true, std::move(what),
            std::move(why), WORDS("doctor", "Save a copy for the Keras that is to read it."),
            { RemedyKind::SaveAs, format } });
    };
    if (!traits.depthwiseGroups.empty())
        note("depthwise-groups", traits.depthwiseGroups,
            { WORDS("doctor", "The configuration of convolutions holds the key groups: %1."),
                listed(traits.depthwiseGroups) },
            WORDS("doctor",
                "Keras 3 refuses the whole file for it (Unrecognized keyword arguments passed to "
                "DepthwiseConv2D: {'groups': 1}), as it does every export of Teachable Machine."),
            "keras");
    if (!traits.timeMajor.empty() && !traits.isKeras3())
        note("time-major", traits.timeMajor,
            { WORDS(
                  "doctor", "The configuration of recurrent layers holds the key time_major: %1."),
                listed(traits.timeMajor) },
            WORDS("doctor",
                "Keras 3 refuses the whole file for it (Unrecognized keyword arguments: "
                "time_major)."),
            "keras");
    if (!traits.listedAxes.empty() && traits.container != Container::Hdf5)
        note("listed-axis", traits.listedAxes,
            { WORDS("doctor", "The axis of BatchNormalization is written as a list: %1."),
                listed(traits.listedAxes) },
            WORDS("doctor",
                "Keras 3 stops at it in a .keras file (int() argument must be … not 'list')."),
            "keras");
    if (!traits.tensorflowOps.empty())
        note("tensorflow-operations", traits.tensorflowOps,
            { WORDS("doctor", "TensorFlow operations stand in the graph as layers: %1."),
                listed(traits.tensorflowOps) },
            WORDS("doctor", "Keras 3 has no such layers and refuses the whole file."), "keras");
    if (!traits.operations.empty() && traits.container == Container::Hdf5)
        note("operations-in-h5", traits.operations,
            { WORDS("doctor", "Operations of Keras 3 stand in the graph: %1."),
                listed(traits.operations) },
            WORDS("doctor",
                "Keras 3 does not find all of them again in its own .h5 files (Unknown layer); in "
                "a .keras file it does."),
            "keras");
    if (!traits.oddNames.empty() && !traits.isKeras3())
        diagnosis.findings.push_back(
            { "odd-names", Severity::Warning, traits.oddNames.front(), true,
                { WORDS("doctor", "Names with characters that TensorFlow refuses in names: %1."),
                    listed(traits.oddNames) },
                WORDS("doctor",
                    "Keras 2 wrote this file and does not load it again (is not a valid root scope "
                    "name)."),
                WORDS("doctor", "Save it for Keras 3, which takes such names."),
                { RemedyKind::SaveAs, "keras" } });
    if (!traits.spectralLayers.empty() && !traits.isKeras3())
        note("spectral-normalization", traits.spectralLayers,
            { WORDS("doctor", "The model holds SpectralNormalization: %1."),
                listed(traits.spectralLayers) },
            WORDS("doctor", "Keras 2.15 does not load it, not even from a file of its own."),
            "keras");
    if (traits.isBFloat16 && traits.container != Container::Archive)
        diagnosis.findings.push_back({ "bfloat16-in-h5", Severity::Note, {}, false,
            WORDS("doctor", "Weights are stored as bfloat16, which HDF5 does not know as numbers."),
            WORDS("doctor", "Keras does not read them back (No cast function available)."),
            WORDS("doctor", "Save it as .keras for Keras 3."), { RemedyKind::SaveAs, "keras" } });
}

} // namespace

void examineArchitecture(const Traits& traits, Diagnosis& diagnosis)
{
    if (traits.network.architecture.isEmpty())
        return;
    examineCode(traits, diagnosis);
    examineCustom(traits, diagnosis);
    examineKeys(traits, diagnosis);
    diagnosis.checked.emplace_back(
        WORDS("doctor", "classes, functions and code in the architecture"));
    diagnosis.checked.emplace_back(
        WORDS("doctor", "keys that one Keras refuses to read from another"));
}

} // namespace layerscope::analysis
