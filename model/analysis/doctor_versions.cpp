#include "model/analysis/doctor_rules.h"

#include <array>

// Which Keras loads which file, as tried with the real ones (field.md 3.4, formats.md 0 and 2.3)
// and put into rules. Keras 2.10 was not tried: where a rule for it is no more than a guess, the
// answer is Unsure.

namespace layerscope::analysis {

namespace {

enum class Reader { Keras210, Keras212, Keras215, Keras3, TfKeras };

constexpr std::array readers{ Reader::Keras210, Reader::Keras212, Reader::Keras215, Reader::Keras3,
    Reader::TfKeras };

const char* nameOf(Reader reader)
{
    switch (reader) {
    case Reader::Keras210:
        return "2.10";
    case Reader::Keras212:
        return "2.12";
    case Reader::Keras215:
        return "2.15";
    case Reader::Keras3:
        return "3.15";
    case Reader::TfKeras:
        break;
    }
    return "tf_keras 2.21";
}

struct Answer
{
    Outcome outcome = Outcome::Yes;
    Sentence reason = {};
};

Answer no(Sentence reason)
{
    return { Outcome::No, std::move(reason) };
}
Answer unsure(Sentence reason)
{
    return { Outcome::Unsure, std::move(reason) };
}

class Judge
{
public:
    Judge(const Traits& traits, Reader reader)
        : m_traits(traits)
        , m_reader(reader)
    {
    }

    Verdict judge() const
    {
        Answer loads = load();
        Answer resumes = resume(loads);
        return { nameOf(m_reader), loads.outcome, std::move(loads.reason), resumes.outcome,
            std::move(resumes.reason) };
    }

private:
    bool isKeras3() const { return m_reader == Reader::Keras3; }

    Answer load() const
    {
        if (m_traits.isUnreadable)
            return no(WORDS("doctor", "some of its values cannot be read"));
        switch (m_traits.container) {
        case Container::Hdf5:
            return withCustomObjects(m_traits.isKeras3() ? loadHdf5OfKeras3() : loadHdf5OfKeras2());
        case Container::Archive:
            return withCustomObjects(loadArchive());
        case Container::SavedModel:
            return loadSavedModel();
        case Container::InferenceGraph:
            return no(WORDS("doctor",
                "an inference graph, not a Keras model (TFSMLayer or tf.saved_model.load run it)"));
        case Container::Hdf5Weights:
            return { Outcome::Yes, WORDS("doctor", "by load_weights, into the same model") };
        case Container::NewWeights:
            return loadNewWeights();
        case Container::Checkpoint:
            return loadCheckpoint();
        case Container::Arrays:
            break;
        }
        return no(WORDS("doctor", "arrays, not a Keras file"));
    }

    /// What needs Python code of one's own loads only with it.
    Answer withCustomObjects(Answer answer) const
    {
        if (answer.outcome != Outcome::Yes)
            return answer;
        if (!m_traits.codeLayers.empty() && m_reader != Reader::Keras210
            && m_reader != Reader::Keras212 && m_traits.container == Container::Archive)
            return no(WORDS("doctor", "Lambda code is refused in safe mode"));
        if (!m_traits.codeLayers.empty() && isKeras3())
            return no(WORDS("doctor", "Lambda code is refused in safe mode"));
        if (m_traits.needsCustomObjects()) {
            std::vector<std::string> names = m_traits.customClasses;
            for (const auto* more :
                { &m_traits.customFunctions, &m_traits.customLosses, &m_traits.customMetrics })
                names.insert(names.end(), more->begin(), more->end());
            return no({ WORDS("doctor", "only with custom_objects for %1"), listed(names, 4) });
        }
        return answer;
    }

    Answer loadHdf5OfKeras3() const
    {
        if (!isKeras3())
            return no(WORDS(
                "doctor", "its configuration is in Keras 3's words (batch_shape, DTypePolicy)"));
        if (m_traits.isBFloat16)
            return no(WORDS("doctor", "bfloat16 weights cannot be read back from HDF5"));
        if (!m_traits.operations.empty())
            return no({ WORDS("doctor", "operations in the graph (%1) are not found again in .h5"),
                listed(m_traits.operations, 4) });
        if (!m_traits.anyH5Refuses.isEmpty())
            return no(m_traits.anyH5Refuses);
        return compiled();
    }

    /// Keras 3 and a training set-up out of an .h5 file.
    Answer compiled() const
    {
        const bool hasLamb = m_traits.network.optimizer
            && (m_traits.network.optimizer->className == "Lamb"
                || m_traits.network.optimizer->className == "Adafactor");
        if (hasLamb && m_traits.isKeras3())
            return no({ WORDS("doctor", "only with compile=False: %1 is not found again in .h5"),
                m_traits.network.optimizer->className });
        if (!m_traits.shortNames.empty())
            return no({ WORDS("doctor", "only with compile=False: '%1' is not found"),
                m_traits.shortNames.front() });
        if (m_traits.hasAutoReduction && !m_traits.isKeras3())
            return no(WORDS(
                "doctor", "only with compile=False: the loss's reduction 'auto' is not known"));
        if (m_traits.hasOldRate && !m_traits.isKeras3())
            return no(WORDS("doctor", "only with compile=False: the optimizer's lr is not known"));
        return {};
    }

    Answer loadHdf5OfKeras2() const
    {
        if (m_traits.network.generation == KerasGeneration::Keras1)
            return no(WORDS("doctor", "its configuration is in Keras 1's words"));
        if (isKeras3())
            return loadHdf5OfKeras2InKeras3();
        if (m_traits.isBFloat16)
            return no(WORDS("doctor", "bfloat16 weights cannot be read back from HDF5"));
        if (!m_traits.oddNames.empty())
            return no({ WORDS("doctor", "the name '%1' is refused as a scope"),
                m_traits.oddNames.front() });
        if (!m_traits.spectralLayers.empty())
            return no(WORDS("doctor", "SpectralNormalization is not found"));
        if (m_traits.needsTfKeras && m_reader != Reader::TfKeras)
            return no(WORDS("doctor", "the key optional of InputLayer is not known"));
        if (m_reader == Reader::Keras210 && m_traits.network.generation == KerasGeneration::Keras2)
            return unsure(WORDS("doctor", "files of later versions were not tried with it"));
        return {};
    }

    Answer loadHdf5OfKeras2InKeras3() const
    {
        if (m_traits.network.file.path.extension() == ".keras")
            return no(WORDS("doctor", "HDF5 under the name .keras: said to be not found"));
        if (m_traits.major == 2 && m_traits.minor <= 2
            && m_traits.network.file.kerasVersion.find("-tf") == std::string::npos)
            return no(WORDS("doctor", "its configuration is in the words of Keras 2.2 and before"));
        if (!m_traits.timeMajor.empty())
            return no({ WORDS("doctor", "the key %1 of %2 is not known"), "time_major",
                m_traits.timeMajor.front() });
        if (!m_traits.depthwiseGroups.empty())
            return no({ WORDS("doctor", "the key %1 of %2 is not known"), "groups",
                m_traits.depthwiseGroups.front() });
        if (!m_traits.keras3Refuses.isEmpty())
            return no(m_traits.keras3Refuses);
        if (!m_traits.anyH5Refuses.isEmpty())
            return no(m_traits.anyH5Refuses);
        if (!m_traits.tensorflowOps.empty())
            return no({ WORDS("doctor", "the TensorFlow operation %1 is not known"),
                m_traits.tensorflowOps.front() });
        if (m_traits.isNested)
            return no(WORDS("doctor", "nested models are counted in another way"));
        if (m_traits.isBFloat16)
            return no(WORDS("doctor", "bfloat16 weights cannot be read back from HDF5"));
        return compiled();
    }

    Answer loadArchive() const
    {
        const bool isOfKeras3 = m_traits.isKeras3();
        if (m_reader == Reader::Keras210)
            return no(WORDS("doctor", "it knows no .keras archives"));
        if (isKeras3())
            return isOfKeras3
                ? Answer{}
                : no(WORDS(
                    "doctor", "a .keras archive names modules that only its own generation has"));
        if (isOfKeras3)
            return no(WORDS(
                "doctor", "its configuration is in Keras 3's words (batch_shape, DTypePolicy)"));
        const bool isOld = m_traits.minor <= 12; // keras.engine…, not keras.src.engine…
        const bool fits = m_traits.needsTfKeras ? m_reader == Reader::TfKeras
            : isOld                             ? m_reader == Reader::Keras212
                                                : m_reader != Reader::Keras212;
        if (!fits)
            return no(
                WORDS("doctor", "a .keras archive names modules that only its own generation has"));
        if (m_traits.isBFloat16)
            return no(WORDS("doctor", "bfloat16 weights cannot be read back from HDF5"));
        if (!m_traits.oddNames.empty())
            return no({ WORDS("doctor", "the name '%1' is refused as a scope"),
                m_traits.oddNames.front() });
        if (!m_traits.spectralLayers.empty())
            return no(WORDS("doctor", "SpectralNormalization is not found"));
        return {};
    }

    Answer loadSavedModel() const
    {
        if (isKeras3())
            return no(WORDS("doctor", "no SavedModel is accepted (TFSMLayer runs it, no more)"));
        if (m_traits.needsTfKeras && m_reader != Reader::TfKeras)
            return no(WORDS("doctor", "the key optional of InputLayer is not known"));
        if (m_reader == Reader::Keras210)
            return unsure(WORDS("doctor", "files of later versions were not tried with it"));
        return {};
    }

    Answer loadNewWeights() const
    {
        const bool isOf212 = !m_traits.isKeras3() && m_traits.minor > 0 && m_traits.minor <= 12;
        const Sentence how = WORDS("doctor", "by load_weights, into the same model");
        const bool isSharded = m_traits.network.file.format == "weights.json";
        if (m_reader == Reader::Keras210 || (isSharded && !isKeras3()))
            return no(WORDS("doctor", "it does not know this layout"));
        if (isOf212)
            return m_reader == Reader::Keras212
                ? Answer{ Outcome::Yes, how }
                : no(WORDS("doctor", "the layout of 2.12 numbers layers in another way"));
        if (m_reader == Reader::Keras212)
            return no(WORDS("doctor", "it reads only its own layout"));
        if (m_traits.isKeras3() && !isKeras3())
            return { Outcome::Yes,
                WORDS("doctor", "by load_weights, into a model that was not trained yet") };
        return { Outcome::Yes, how };
    }

    Answer loadCheckpoint() const
    {
        if (isKeras3())
            return no(WORDS("doctor", "load_weights takes no TensorFlow checkpoints"));
        return { Outcome::Yes, WORDS("doctor", "by load_weights, into the same model") };
    }

    Answer resume(const Answer& loads) const
    {
        const bool keepsOptimizer = m_traits.hasSlots
            || (m_traits.network.optimizer
                && m_traits.network.optimizer->iterations.value_or(0) > 0);
        if (m_traits.isUnreadable)
            return no(WORDS("doctor", "it does not load"));
        if (!keepsOptimizer)
            return { Outcome::Nothing, WORDS("doctor", "the file holds no optimizer state") };
        if (loads.outcome == Outcome::No)
            return no(WORDS("doctor", "it does not load"));
        if (loads.outcome == Outcome::Unsure)
            return unsure(loads.reason);
        switch (m_traits.container) {
        case Container::Hdf5:
            return resumeHdf5();
        case Container::Archive:
            return resumeArchive();
        case Container::SavedModel:
            return no(WORDS("doctor", "load_model does not bring the optimizer's state back"));
        case Container::NewWeights:
            if (m_traits.isKeras3() != isKeras3())
                return no(WORDS("doctor", "the other generation has one optimizer variable less"));
            return {};
        default:
            return {};
        }
    }

    Answer resumeHdf5() const
    {
        if (isKeras3())
            return no(WORDS("doctor", "the optimizer's state is dropped from every .h5 file"));
        const OptimizerState& state = *m_traits.network.optimizer;
        if (m_traits.isLossScaled)
            return no(
                WORDS("doctor", "the state of a LossScaleOptimizer is not restored from .h5"));
        return exactly(state);
    }

    Answer resumeArchive() const
    {
        if (!m_traits.network.training || !m_traits.network.training->optimizer().is_object())
            return no(WORDS("doctor", "the file does not say of which optimizer the state is"));
        return exactly(*m_traits.network.optimizer);
    }

    /// Restored, and yet not quite where it was.
    Answer exactly(const OptimizerState& state) const
    {
        if (state.className == "Nadam" && state.dialect == KerasGeneration::Keras2)
            return no(
                WORDS("doctor", "Nadam's running product is not in the file and starts anew"));
        const bool unfit
            = std::ranges::any_of(m_traits.network.problems, [](const Problem& problem) {
                  return problem.what.find("variables do not fit") != std::string::npos;
              });
        if (unfit)
            return no(WORDS("doctor", "the state does not fit the weights"));
        return {};
    }

    const Traits& m_traits;
    Reader m_reader;
};

} // namespace

std::vector<Verdict> judgeVersions(const Traits& traits)
{
    std::vector<Verdict> verdicts;
    for (const Reader reader : readers)
        verdicts.push_back(Judge(traits, reader).judge());
    return verdicts;
}

} // namespace layerscope::analysis
