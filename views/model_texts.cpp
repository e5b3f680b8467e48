#include "views/model_words.h"

#include <QtGlobal>

// Texts that model/ puts together on the way, as patterns: whoever changes one there changes it
// here, or it is shown in English. tests/views/tst_model_words.cpp holds many against real files.

namespace layerscope::views {

namespace {

constexpr const char* patterns[] = {
    // Files that are no models
    QT_TRANSLATE_NOOP("model", "there is nothing at this path, nor a folder %1"),
    QT_TRANSLATE_NOOP("model", "there is nothing at this path; check the spelling of the name"),
    QT_TRANSLATE_NOOP("model", "there is nothing at this path; nearby: %1"),
    QT_TRANSLATE_NOOP("model", "this is a link to %1, where there is nothing"),
    QT_TRANSLATE_NOOP("model", "this is a folder, and no saved model; open a file in it"),
    QT_TRANSLATE_NOOP("model", "this is a folder, and no saved model; open a file in it: %1"),
    QT_TRANSLATE_NOOP("model", "this is a device or a pipe, not a file"),
    QT_TRANSLATE_NOOP("model",
        "there is no permission to read this file; ask its owner, or run 'chmod +r' on it"),
    QT_TRANSLATE_NOOP(
        "model", "this file is empty: a download or a save was broken off; get it again"),
    QT_TRANSLATE_NOOP("model",
        "this is a Git LFS pointer, not the model itself; the real file has %1 bytes; run 'git lfs "
        "pull' to get it"),
    QT_TRANSLATE_NOOP("model",
        "this is a web page, not a model: the download gave an error or log-in page; download the "
        "file itself again"),
    QT_TRANSLATE_NOOP("model", "this is an XML text, not a model; download the file itself again"),
    QT_TRANSLATE_NOOP("model",
        "this is the JSON text of an architecture, without any weights; open a saved model"),
    QT_TRANSLATE_NOOP("model", "this is a JSON text, not a model"),
    QT_TRANSLATE_NOOP("model", "this is a text file, not a model; it begins with \"%1\""),
    QT_TRANSLATE_NOOP("model",
        "this file is cut short: only the first %1 bytes of an HDF5 file are here; copy or "
        "download it again"),
    QT_TRANSLATE_NOOP(
        "model", "this HDF5 file is cut short: only %1 bytes are here; copy or download it again"),
    QT_TRANSLATE_NOOP(
        "model", "this HDF5 file is cut short: %1 of %2 bytes are here; copy or download it again"),
    QT_TRANSLATE_NOOP("model",
        "this looks like an HDF5 file whose first bytes are damaged, as after a transfer in text "
        "mode; copy or download it again"),
    QT_TRANSLATE_NOOP("model", "the HDF5 file is damaged and cannot be opened"),
    QT_TRANSLATE_NOOP(
        "model", "this file is damaged: it claims more values than the memory can hold"),
    QT_TRANSLATE_NOOP("model", "this is a PyTorch file, not a Keras model"),
    QT_TRANSLATE_NOOP("model", "this is a NumPy archive (.npz), not a model"),
    QT_TRANSLATE_NOOP("model", "this is a zip archive, not a model; unpack it first"),
    QT_TRANSLATE_NOOP("model", "this is a PNG picture; no model can be read from it"),
    QT_TRANSLATE_NOOP("model", "this is a JPEG picture; no model can be read from it"),
    QT_TRANSLATE_NOOP("model", "this is a GIF picture; no model can be read from it"),
    QT_TRANSLATE_NOOP("model", "this is a PDF document; no model can be read from it"),
    QT_TRANSLATE_NOOP("model", "this is a NumPy array (.npy); no model can be read from it"),
    QT_TRANSLATE_NOOP(
        "model", "this is compressed with %1; unpack it first; no model can be read from it"),
    QT_TRANSLATE_NOOP(
        "model", "this is a tar archive; unpack it first; no model can be read from it"),
    QT_TRANSLATE_NOOP("model", "this is a MATLAB file; no model can be read from it"),
    QT_TRANSLATE_NOOP("model",
        "this is a Python pickle, which could run any code and is not opened; save the model with "
        "model.save('name.h5') in Keras"),
    QT_TRANSLATE_NOOP("model",
        "this is part of a TensorFlow checkpoint that is damaged or not complete; an .index file "
        "and its .data files belong together"),
    QT_TRANSLATE_NOOP(
        "model", "this is not a saved model of a kind known here; it begins with the bytes %1"),
    QT_TRANSLATE_NOOP("model", "this is an HDF5 file, but no Keras model: it holds %1"),
    QT_TRANSLATE_NOOP("model", "the configuration does not describe a model"),

    // What reading brings up
    QT_TRANSLATE_NOOP("model", "The file does not say at its root which Keras wrote it."),
    QT_TRANSLATE_NOOP(
        "model", "The version is taken from elsewhere in it, or told from its contents."),
    QT_TRANSLATE_NOOP("model",
        "The file says that Keras %1 wrote it, a version that this program does not know."),
    QT_TRANSLATE_NOOP("model", "It is read like a file of Keras 3."),
    QT_TRANSLATE_NOOP(
        "model", "Another program has this file open for writing; what is shown may change."),
    QT_TRANSLATE_NOOP("model", "Open it again when that program is done."),
    QT_TRANSLATE_NOOP("model", "Other data stand before the HDF5 part of the file (a user block)."),
    QT_TRANSLATE_NOOP("model", "They are kept when the file is saved again."),
    QT_TRANSLATE_NOOP("model", "Only the weights can be shown."),
    QT_TRANSLATE_NOOP("model", "Choose loss and optimizer anew before training."),
    QT_TRANSLATE_NOOP("model", "The training set-up is not a JSON object."),
    QT_TRANSLATE_NOOP("model", "The loss history is lost; everything else is sound."),
    QT_TRANSLATE_NOOP("model", "This array cannot be read: %1."),
    QT_TRANSLATE_NOOP("model", "The other weights are sound."),
    QT_TRANSLATE_NOOP("model", "The layer is listed, but its weights are missing: %1."),
    QT_TRANSLATE_NOOP("model", "The groups were paired with the layers by name."),
    QT_TRANSLATE_NOOP(
        "model", "The list of layers is empty, although the file holds %1 groups of weights."),
    QT_TRANSLATE_NOOP("model", "The weights cannot be read: %1."),
    QT_TRANSLATE_NOOP("model", "The architecture can be shown; training would start from nothing."),
    QT_TRANSLATE_NOOP("model", "The optimizer's state cannot be read: %1."),
    QT_TRANSLATE_NOOP("model", "Training would start the optimizer afresh."),
    QT_TRANSLATE_NOOP(
        "model", "The file says how the model was compiled, but holds no optimizer state."),
    QT_TRANSLATE_NOOP("model", "Training starts the optimizer afresh."),
    QT_TRANSLATE_NOOP(
        "model", "The file holds weights and no architecture (there is no model_config)."),
    QT_TRANSLATE_NOOP("model", "Take the architecture from another file of the same model."),
    QT_TRANSLATE_NOOP("model", "Keras converts them when it loads the file."),
    QT_TRANSLATE_NOOP("model", "The rest of the file is sound."),
    QT_TRANSLATE_NOOP("model", "A member has no name."),
    QT_TRANSLATE_NOOP(
        "model", "This is a link and is not followed: it could lead out of the file."),
    QT_TRANSLATE_NOOP("model", "Nothing in the file refers to this; it is kept as it is."),
    QT_TRANSLATE_NOOP("model", "This attribute is not one of Keras's; it is kept as it is."),
    QT_TRANSLATE_NOOP("model", "%1 more things in the file are like this."),

    // Architecture against weights
    QT_TRANSLATE_NOOP(
        "model", "The file holds %1 weights for this layer, its configuration asks for %2."),
    QT_TRANSLATE_NOOP(
        "model", "The weights are shown as they are; Keras will refuse to load them."),
    QT_TRANSLATE_NOOP("model", "Its weights are stored under the name '%1'."),
    QT_TRANSLATE_NOOP("model", "They were paired by position, as Keras does."),
    QT_TRANSLATE_NOOP("model", "The file holds no weights for this layer."),
    QT_TRANSLATE_NOOP("model", "Keras will refuse to load it. The other layers are sound."),
    QT_TRANSLATE_NOOP(
        "model", "The file holds weights under this name, and the model has no such layer."),
    QT_TRANSLATE_NOOP("model", "They are kept and saved."),
    QT_TRANSLATE_NOOP("model", "The order of the variables of '%1' is not known."),
    QT_TRANSLATE_NOOP("model", "Its %1 variables do not fit %2 over %3 trained weights."),
    QT_TRANSLATE_NOOP(
        "model", "They are kept and saved as they are; training cannot continue with them."),
    QT_TRANSLATE_NOOP("model", "The layer is Python code inside the file. It is never run here."),
    QT_TRANSLATE_NOOP("model", "The code is kept; only Keras itself can compute this layer."),
    QT_TRANSLATE_NOOP(
        "model", "The layer would load another model from somewhere. That is never done here."),
    QT_TRANSLATE_NOOP("model", "Open that model by itself."),
    QT_TRANSLATE_NOOP("model", "The layer's class '%1' is not one of Keras's."),
    QT_TRANSLATE_NOOP("model", "It is shown and kept, but cannot be computed."),
    QT_TRANSLATE_NOOP("model", "The data type '%1' is not known."),
    QT_TRANSLATE_NOOP("model", "The activation function is not understood."),
    QT_TRANSLATE_NOOP("model", "The activation function '%1' is not one of Keras's."),
    QT_TRANSLATE_NOOP("model", "The %1 %2 is not a possible shape."),
    QT_TRANSLATE_NOOP("model", "The configuration gives %1 as %2, which is no size."),
    QT_TRANSLATE_NOOP("model", "The weights are sound; the model cannot be computed."),
    QT_TRANSLATE_NOOP(
        "model", "The configuration says %1 %2, but the kernel in the file has shape %3."),
    QT_TRANSLATE_NOOP("model", "Weights and architecture are of different models."),
    QT_TRANSLATE_NOOP(
        "model", "%1 references in the graph of '%2' point to layer calls that do not exist."),
    QT_TRANSLATE_NOOP(
        "model", "The graph cannot be run; layers and weights can be looked at and saved."),
    QT_TRANSLATE_NOOP("model", "The graph of '%1' runs in a circle."),
    QT_TRANSLATE_NOOP("model", "It cannot be run; layers and weights can be looked at and saved."),
    QT_TRANSLATE_NOOP("model", "Two of its layers are called '%1'."),
    QT_TRANSLATE_NOOP("model", "Its graph refers to a layer '%1' that does not exist."),

    // Saving
    QT_TRANSLATE_NOOP("model", "this is a folder; give the name of a file"),
    QT_TRANSLATE_NOOP("model", "there is no folder %1 to save into"),
    QT_TRANSLATE_NOOP("model", "this file is write-protected"),
    QT_TRANSLATE_NOOP("model", "this is not an ordinary file"),
    QT_TRANSLATE_NOOP(
        "model", "this folder holds something else than a SavedModel and is not replaced"),
    QT_TRANSLATE_NOOP("model", "saving was stopped; the old file is as it was"),
    QT_TRANSLATE_NOOP("model", "the disk is full (%1 bytes are free)"),
    QT_TRANSLATE_NOOP("model", "cannot be written: %1"),
    QT_TRANSLATE_NOOP(
        "model", "the check of what was written failed, so the old file was kept: %1"),
    QT_TRANSLATE_NOOP("model",
        "Keras 3 does not restore an optimizer's state from .h5 files, its own included; the state "
        "is in the file all the same."),
    QT_TRANSLATE_NOOP("model",
        "The decay of the learning rate became an InverseTimeDecay schedule, which gives the same "
        "rates."),
    QT_TRANSLATE_NOOP("model",
        "The optimizer's epsilon stands outside the root before Keras 2.11: weights that hardly "
        "ever changed take larger steps."),
};

} // namespace

QStringList modelPatterns()
{
    QStringList list;
    for (const char* pattern : patterns)
        list.append(QString::fromUtf8(pattern));
    return list;
}

} // namespace layerscope::views
