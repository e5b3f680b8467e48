#include "views/model_words.h"

#include <QtGlobal>

// What model/crossing and the writers of formats say about a save, as patterns: see
// model_texts.cpp.

namespace layerscope::views {

namespace {

constexpr const char* crossingPatterns[] = {
    // Layers and calls
    QT_TRANSLATE_NOOP("model",
        "The layer '%1' became a ReLU with a threshold; its output differs only where the input is "
        "exactly the threshold."),
    QT_TRANSLATE_NOOP(
        "model", "The layer '%1' is called '%2', because the other Keras does not allow its name."),
    QT_TRANSLATE_NOOP("model",
        "The model class %1 became an ordinary model of its layers; what its Python code adds is "
        "not in the file."),
    QT_TRANSLATE_NOOP("model",
        "The layer '%1' was called in training mode at all times; in Keras 3 it is inactive when "
        "the model predicts."),
    QT_TRANSLATE_NOOP("model",
        "The layer '%1' was called in inference mode at all times; in Keras 3 it follows the mode "
        "of the model, unless it is frozen."),
    QT_TRANSLATE_NOOP("model",
        "The layer '%1' sets %2, which only tf_keras knows: Keras 2.15 and before will refuse the "
        "file."),
    QT_TRANSLATE_NOOP("model",
        "The vocabulary of layer '%1' could not be taken along; adapt the layer again before using "
        "the model."),
    QT_TRANSLATE_NOOP("model",
        "hard_sigmoid is a steeper function in Keras 2 than in Keras 3; the weights before it were "
        "scaled so that predictions are the same, and training will differ slightly."),
    QT_TRANSLATE_NOOP("model",
        "Weights of bfloat16, which Keras 2 cannot load, became float32; the layers compute in "
        "bfloat16 as before."),
    QT_TRANSLATE_NOOP("model",
        "Keras 1 kept an array for each gate of a recurrent layer; they were joined, with the "
        "optimizer's values for them."),
    QT_TRANSLATE_NOOP("model",
        "What LoRA has learned was added to the kernels, as Keras 3 does when it saves; the "
        "factors are zero now, from where they learn no further."),
    QT_TRANSLATE_NOOP("model", "What LoRA has learned was added to the kernels."),
    // Loss and metrics
    QT_TRANSLATE_NOOP("model",
        "The loss %1 exists only in Keras 3; the model was saved without loss, metrics and "
        "optimizer."),
    QT_TRANSLATE_NOOP("model", "Keras 3 does not save the delta of a Huber loss; it is 1.0 now."),
    QT_TRANSLATE_NOOP("model",
        "The loss is averaged over the number of examples in Keras 2, which differs where examples "
        "have weights."),
    QT_TRANSLATE_NOOP("model", "The metric %1 exists only in Keras 3 and was left out."),
    QT_TRANSLATE_NOOP("model",
        "The file does not say which optimizer the model was compiled with, which Keras 2 needs; "
        "it was saved without loss and metrics."),
    // The optimizer
    QT_TRANSLATE_NOOP(
        "model", "The model can be saved only without loss, metrics and optimizer: %1."),
    QT_TRANSLATE_NOOP("model",
        "The model can be saved only without loss, metrics and optimizer: %1. Choose h5-keras2, or "
        "another optimizer."),
    QT_TRANSLATE_NOOP("model",
        "The file does not say which optimizer it is. Choose h5-keras2, or another optimizer."),
    QT_TRANSLATE_NOOP("model", "there is no optimizer %1 in Keras 2"),
    QT_TRANSLATE_NOOP("model", "there is no optimizer %1 before Keras 2.11"),
    QT_TRANSLATE_NOOP("model", "gradients cannot be accumulated over several steps in Keras 2"),
    QT_TRANSLATE_NOOP(
        "model", "gradients cannot be accumulated over several steps before Keras 2.11"),
    QT_TRANSLATE_NOOP("model", "its optimizer's %1 does not exist before Keras 2.11"),
    QT_TRANSLATE_NOOP("model",
        "The optimizer had a decay beside its schedule; it was left out, and the learning rate "
        "falls more slowly."),
    QT_TRANSLATE_NOOP("model",
        "The optimizer's epsilon was squared: it stands inside the root from Keras 2.11 on."),
    QT_TRANSLATE_NOOP("model",
        "Nadam's momentum schedule differs from Keras 2.11 on; training will not follow the old "
        "run exactly."),
    QT_TRANSLATE_NOOP("model",
        "Nadam's momentum schedule differs before Keras 2.11; training will not follow the old run "
        "exactly."),
    QT_TRANSLATE_NOOP("model",
        "Several kinds of gradient clipping are set; from Keras 2.11 on only one of them works."),
    QT_TRANSLATE_NOOP("model",
        "Keras 2 adds up the gradients of a token that occurs several times in a batch, Keras 3 "
        "does not; training of the embedding will differ slightly."),
    QT_TRANSLATE_NOOP("model",
        "Before Keras 2.11 momentum moved only those rows of an embedding that the batch "
        "contained; training of the embedding will differ."),
    QT_TRANSLATE_NOOP("model",
        "Keras 2 does not save Nadam's running product and starts it again when it loads the "
        "model; training will differ slightly."),
    QT_TRANSLATE_NOOP("model",
        "The old optimizer stored no count of steps; it starts at 0, and the learning rate with "
        "it."),
    QT_TRANSLATE_NOOP("model",
        "Keras 2 does not save the loss scale that training had come to; it starts again from its "
        "initial value."),
    QT_TRANSLATE_NOOP("model",
        "Keras 2 does not restore a loss-scaling optimizer's state from .h5 files; save as "
        "keras2.15 to train on."),
    QT_TRANSLATE_NOOP("model",
        "Of a loss-scaling optimizer this kind of file keeps no scale: the present one became the "
        "initial one, and the count of good steps starts again."),
    QT_TRANSLATE_NOOP("model",
        "The optimizer's state was left out, because the order of its variables is not known; "
        "training starts it afresh."),
    QT_TRANSLATE_NOOP("model",
        "The optimizer's state was left out: the file does not say which optimizer it is of, and "
        "Keras 3 orders its variables in another way."),
    QT_TRANSLATE_NOOP("model",
        "Keras does not restore the state of an optimizer of Keras 2.10 from this format; save as "
        "h5-keras2 or h5-legacy to resume in Keras."),
    QT_TRANSLATE_NOOP("model",
        "Keras restores the optimizer's state of a weights file only into a model whose optimizer "
        "is built, as after one step of training."),
    QT_TRANSLATE_NOOP("model",
        "Keras's load_model restores the optimizer of this SavedModel; after "
        "load_model(compile=False) the first optimizer that is compiled in receives it."),
    // The file
    QT_TRANSLATE_NOOP("model",
        "The layers inside '%1' stand under their own names, since the source does not say what "
        "the class calls them: Keras loads the file only if its attributes have those names."),
    QT_TRANSLATE_NOOP("model",
        "The shape that goes into the layer '%1' is not known: Keras may fail to build it."),
    QT_TRANSLATE_NOOP("model",
        "The SavedModel has no signature: Keras 2 loads it whole, but programs that call "
        "signatures (TensorFlow Serving, TFSMLayer of Keras 3) find none. The reason: %1"),
    QT_TRANSLATE_NOOP("model",
        "The file holds arrays by name alone: the architecture and the training set-up stay "
        "behind."),
    QT_TRANSLATE_NOOP(
        "model", "The file holds arrays by name alone: the architecture stays behind."),
    QT_TRANSLATE_NOOP(
        "model", "%1 weights share their name with another; \"_1\", \"_2\" … was added to theirs."),
    QT_TRANSLATE_NOOP("model", "The model has no optimizer state to go along."),
    QT_TRANSLATE_NOOP(
        "model", "NumPy has no bfloat16: such arrays are stored as float32, exactly."),
    // Why it cannot be done
    QT_TRANSLATE_NOOP("model", "this %1 uses %2"),
    QT_TRANSLATE_NOOP("model", "time_major, which Keras 3 does not have"),
    QT_TRANSLATE_NOOP("model", "batch renormalization, which Keras 3 does not do"),
    QT_TRANSLATE_NOOP("model", "batch renormalization, which Keras 2 does not do"),
    QT_TRANSLATE_NOOP("model", "a virtual batch size, which Keras 3 does not have"),
    QT_TRANSLATE_NOOP("model", "causal padding, which Keras 3 has only for Conv1D"),
    QT_TRANSLATE_NOOP("model", "sparse output, which its Keras 3 form cannot give"),
    QT_TRANSLATE_NOOP("model", "a sliding window, which Keras 2 does not have"),
    QT_TRANSLATE_NOOP("model", "gates, which Keras 2 does not have"),
    QT_TRANSLATE_NOOP("model", "%1, which Keras 2 does not have"),
    QT_TRANSLATE_NOOP("model", "%1, which Keras 3 does not have"),
    QT_TRANSLATE_NOOP(
        "model", "this BatchNormalization works over several axes, which Keras 3 cannot do"),
    QT_TRANSLATE_NOOP("model",
        "the activation %1 exists only in Keras 3, so that the model cannot be saved for Keras 2"),
    QT_TRANSLATE_NOOP("model",
        "its hard_sigmoid is another function in the other Keras, and its weights cannot make up "
        "for that"),
    QT_TRANSLATE_NOOP("model",
        "its activation hard_sigmoid is another function in the other Keras, and its weights "
        "cannot make up for that"),
    QT_TRANSLATE_NOOP("model",
        "its hard_sigmoid is another function in the other Keras, and a normalized kernel cannot "
        "make up for that"),
    QT_TRANSLATE_NOOP(
        "model", "this Merge joins its inputs in a way that later versions of Keras do not have"),
    QT_TRANSLATE_NOOP(
        "model", "this BatchNormalization has a mode that later versions of Keras do not have"),
    QT_TRANSLATE_NOOP("model", "an array of a gate has no axes"),
    QT_TRANSLATE_NOOP("model", "the arrays of the gates differ in shape"),
    QT_TRANSLATE_NOOP("model", "the shapes of the LoRA factors do not fit"),
    QT_TRANSLATE_NOOP("model", "layers are wrapped too deeply"),
    QT_TRANSLATE_NOOP("model", "models are nested too deeply"),
    QT_TRANSLATE_NOOP("model",
        "this %1 is called with arguments whose names are not in the file, which Keras 2 needs"),
    QT_TRANSLATE_NOOP("model", "this layer is called without an input"),
    QT_TRANSLATE_NOOP("model", "the operation %1 has no counterpart that is known in Keras %2"),
    QT_TRANSLATE_NOOP("model",
        "the file holds weights without the model they belong to, and %1; attach the architecture "
        "(--architecture), or save as npz or safetensors"),
    QT_TRANSLATE_NOOP("model",
        "Keras 2 looks for a place of every layer, also of those without weights, which the file "
        "does not list"),
    QT_TRANSLATE_NOOP("model",
        "the places of weights follow from the classes of layers and their order, which the file "
        "does not say"),
    QT_TRANSLATE_NOOP(
        "model", "%1 of the layer '%2' has no counterpart among TensorFlow's that is known here"),
    QT_TRANSLATE_NOOP("model", "its layers unfold into more than %1 ops"),
    QT_TRANSLATE_NOOP("model", "a computation that depends on the batch"),
    QT_TRANSLATE_NOOP("model", "its layers are not known here"),
    QT_TRANSLATE_NOOP("model", "only with it a model can be written for another Keras"),
};

} // namespace

std::span<const char* const> crossingTexts()
{
    return crossingPatterns;
}

} // namespace layerscope::views
