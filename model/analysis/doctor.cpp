#include "model/analysis/doctor_rules.h"

#include <algorithm>
#include <new>

namespace layerscope::analysis {

namespace {

Sentence whatItIs(const Traits& traits)
{
    switch (traits.container) {
    case Container::Hdf5:
        return WORDS("doctor", "A whole Keras model in an HDF5 file (.h5).");
    case Container::Hdf5Weights:
        return WORDS("doctor", "Weights of a Keras model in an HDF5 file, without architecture.");
    case Container::Archive:
        return WORDS("doctor", "A whole Keras model in a .keras archive.");
    case Container::NewWeights:
        return WORDS("doctor", "Weights of a Keras model in the newer layout (.weights.h5).");
    case Container::SavedModel:
        return WORDS("doctor", "A TensorFlow SavedModel with Keras's layers.");
    case Container::InferenceGraph:
        return WORDS("doctor", "A TensorFlow SavedModel without Keras's layers: a graph to run.");
    case Container::Checkpoint:
        return WORDS("doctor", "A TensorFlow checkpoint: values and no architecture.");
    case Container::Arrays:
        break;
    }
    return WORDS("doctor", "Arrays by name, without architecture.");
}

const char* generationName(KerasGeneration generation)
{
    switch (generation) {
    case KerasGeneration::Keras1:
        return "1";
    case KerasGeneration::Legacy:
        return "2.0-2.10";
    case KerasGeneration::Keras2:
        return "2.11-2.15";
    case KerasGeneration::Keras3:
        break;
    }
    return "3";
}

Sentence writerOf(const Traits& traits)
{
    const FileFacts& file = traits.network.file;
    if (!file.kerasVersion.empty() && traits.major == 2 && traits.minor >= 16)
        return { WORDS("doctor", "Written by tf_keras %1."), file.kerasVersion };
    if (!file.kerasVersion.empty())
        return { WORDS("doctor", "Written by Keras %1."), file.kerasVersion };
    if (!file.tensorflowVersion.empty())
        return { WORDS("doctor", "Written by TensorFlow %1."), file.tensorflowVersion };
    if (traits.network.architecture.isEmpty())
        return WORDS("doctor", "It does not say who wrote it.");
    return { WORDS("doctor", "It does not say who wrote it; by its contents Keras %1."),
        generationName(traits.network.generation) };
}

std::size_t countSlots(const OptimizerState& state)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(state.variables, [](const OptimizerVariable& variable) {
            return variable.role != SlotRole::Iteration && variable.role != SlotRole::LearningRate;
        }));
}

Sentence optimizerOf(const Traits& traits, const std::string& dialect)
{
    if (!traits.network.optimizer)
        return WORDS("doctor", "No optimizer.");
    const OptimizerState& state = *traits.network.optimizer;
    const std::string name = state.className.empty() ? "?" : state.className;
    if (state.variables.empty())
        return { WORDS("doctor", "Optimizer %1, without any state."), name };
    if (!state.iterations)
        return { WORDS("doctor", "Optimizer %1, dialect %2, %3 slots, step not stored."), name,
            dialect, countSlots(state) };
    return { WORDS("doctor", "Optimizer %1, dialect %2, %3 slots, step %4."), name, dialect,
        countSlots(state), *state.iterations };
}

Diagnosis examine(const Network& network)
{
    const Traits traits(network);
    Diagnosis diagnosis;
    diagnosis.path = network.file.path;
    diagnosis.opens = true;
    diagnosis.what = whatItIs(traits);
    diagnosis.writer = writerOf(traits);
    diagnosis.format = network.file.format;
    diagnosis.kerasVersion = network.file.kerasVersion;
    diagnosis.tensorflowVersion = network.file.tensorflowVersion;
    diagnosis.dialect = dialectLetter(traits);
    diagnosis.optimizer = optimizerOf(traits, diagnosis.dialect);
    if (network.optimizer) {
        diagnosis.slotCount = countSlots(*network.optimizer);
        diagnosis.iterations = network.optimizer->iterations;
    }
    takeProblems(network, diagnosis);
    examineFile(traits, diagnosis);
    examineArchitecture(traits, diagnosis);
    examineTraining(traits, diagnosis);
    examineNames(traits, diagnosis);
    diagnosis.verdicts = judgeVersions(traits);
    return diagnosis;
}

/// What asks for more memory than there is, whichever library does, is damaged: the doctor goes on.
Result<Network> opened(const std::filesystem::path& path, const JobContext& job)
{
    try {
        return formats::openNetwork(path, job);
    } catch (const std::bad_alloc&) {
        return Error(ErrorKind::Corrupt,
            "this file is damaged: it claims more values than the memory can hold")
            .in(path.filename().string());
    }
}

} // namespace

std::size_t Diagnosis::count(Severity severity) const
{
    return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
}

bool Diagnosis::isSuspicious() const
{
    return count(Severity::Error) + count(Severity::Warning) > 0;
}

void sortBySeverity(std::vector<Finding>& findings)
{
    std::ranges::stable_sort(findings, {}, &Finding::severity);
}

Diagnosis diagnose(const Network& network)
{
    Diagnosis diagnosis = examine(network);
    sortBySeverity(diagnosis.findings);
    return diagnosis;
}

Diagnosis diagnoseUnopened(const std::filesystem::path& path, const Error& error)
{
    Diagnosis diagnosis;
    diagnosis.path = path;
    examineStranger(path, error, diagnosis);
    examineDamage(path, diagnosis);
    sortBySeverity(diagnosis.findings);
    diagnosis.checked.emplace_back(
        WORDS("doctor", "the file's kind by its contents, not its name"));
    diagnosis.checked.emplace_back(WORDS("doctor", "structure and length of the file"));
    return diagnosis;
}

Result<Diagnosis> diagnose(const std::filesystem::path& path, Values values, const JobContext& job)
{
    auto network = opened(path, job);
    if (!network && network.error().kind() == ErrorKind::Stopped)
        return std::move(network).error();
    if (!network)
        return diagnoseUnopened(path, network.error());
    if (values == Values::Read)
        std::ranges::move(
            formats::verifyValues(*network, job), std::back_inserter(network->problems));
    Diagnosis diagnosis = examine(*network);
    diagnosis.path = path;
    if (values == Values::Read)
        TRY_DO(examineValues(*network, diagnosis, job));
    sortBySeverity(diagnosis.findings);
    return diagnosis;
}

} // namespace layerscope::analysis
