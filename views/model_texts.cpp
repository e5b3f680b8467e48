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
    QT_TRANSLATE_NOOP("model", "The architecture cannot be read: %1."),
    QT_TRANSLATE_NOOP("model", "The training set-up cannot be read: %1."),
    QT_TRANSLATE_NOOP("model", "the text is not JSON: it breaks off after %1 bytes"),
    QT_TRANSLATE_NOOP("model", "the text is not JSON: it goes wrong at byte %1 of %2"),
    QT_TRANSLATE_NOOP("model", "the JSON text holds a number that is out of range"),
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
    QT_TRANSLATE_NOOP("model", "there is no folder %1"),
    QT_TRANSLATE_NOOP("model", "this is not an ordinary file"),
    QT_TRANSLATE_NOOP("model", "saving was stopped; the old file is as it was"),
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
    QT_TRANSLATE_NOOP(
        "model", "this folder holds something else than a saved model and is not replaced"),
    QT_TRANSLATE_NOOP(
        "model", "this file is write-protected; save under another name or in another folder"),
    QT_TRANSLATE_NOOP("model", "this checkpoint is write-protected"),
    QT_TRANSLATE_NOOP("model", "there is no format '%1' to save in; known are %2"),
    QT_TRANSLATE_NOOP("model",
        "the file holds weights without the model they belong to, which is needed to save them for "
        "another Keras"),
    QT_TRANSLATE_NOOP("model", "there is no architecture to save, only weights; save them as %1"),
    QT_TRANSLATE_NOOP(
        "model", "only Keras 2 can load a SavedModel, and this model is in the dialect of Keras 3"),
    QT_TRANSLATE_NOOP("model",
        "this model's layers are connected by Python code that is not in the file; only its "
        "weights can be saved for another Keras"),
    QT_TRANSLATE_NOOP("model", "Keras 3 has no layer %1"),
    QT_TRANSLATE_NOOP("model", "Keras 2 has no layer %1"),
    QT_TRANSLATE_NOOP("model", "this layer is quantized, which Keras 2 does not know"),

    // What the system refuses (containers/system_failure.cpp)
    QT_TRANSLATE_NOOP("model", "too many files are open at once; close some and try again"),
    QT_TRANSLATE_NOOP(
        "model", "the links that lead to this file run in a circle; open the file itself"),
    QT_TRANSLATE_NOOP("model", "this name is longer than names may be; check the path"),
    QT_TRANSLATE_NOOP(
        "model", "the disk reports a failure; copy the file to another disk, or get it again"),
    QT_TRANSLATE_NOOP("model",
        "there is not enough memory to open this file; close other programs and try again"),
    QT_TRANSLATE_NOOP("model",
        "there is not enough memory to unpack this file; close other programs and try again"),
    QT_TRANSLATE_NOOP(
        "model", "the network drive that holds this file does not answer; connect to it again"),
    QT_TRANSLATE_NOOP("model",
        "the system refuses to read this file (error %1); copy it to another folder and open the "
        "copy"),
    QT_TRANSLATE_NOOP(
        "model", "the disk is full (%1 bytes are free); make room, or save somewhere else"),
    QT_TRANSLATE_NOOP("model", "the disk is full; make room, or save somewhere else"),
    QT_TRANSLATE_NOOP("model",
        "the disk is too full: the file takes %1 bytes, %2 are free; make room, or save somewhere "
        "else"),
    QT_TRANSLATE_NOOP(
        "model", "your share of the disk (quota) is used up; make room, or save somewhere else"),
    QT_TRANSLATE_NOOP("model",
        "the file would be larger than files may be here (ulimit -f, or the file system); save "
        "somewhere else"),
    QT_TRANSLATE_NOOP("model",
        "this account may not write there; save somewhere else, or change the permissions"),
    QT_TRANSLATE_NOOP("model", "the disk is write-protected; save somewhere else"),
    QT_TRANSLATE_NOOP(
        "model", "the disk reports a failure; save somewhere else, and look after the disk"),
    QT_TRANSLATE_NOOP("model", "the folder is no longer there; save somewhere else"),
    QT_TRANSLATE_NOOP("model", "this name is longer than names may be; choose a shorter one"),
    QT_TRANSLATE_NOOP(
        "model", "another program is using this file; close it there, or save somewhere else"),
    QT_TRANSLATE_NOOP(
        "model", "the network drive does not answer; connect to it again, or save somewhere else"),
    QT_TRANSLATE_NOOP("model", "the system refuses to write there (error %1); save somewhere else"),
    QT_TRANSLATE_NOOP("model", "there is not enough memory for this"),
    QT_TRANSLATE_NOOP(
        "model", "another program has cut the file short since it was opened; open it again"),
    QT_TRANSLATE_NOOP("model",
        "another program has cut this file short since it was opened, so that it cannot be saved "
        "from here"),

    // Data and training
    QT_TRANSLATE_NOOP("model", "This is a folder; choose a file in it."),
    QT_TRANSLATE_NOOP("model", "The file is empty; get it again."),
    QT_TRANSLATE_NOOP("model", "this is a folder; an .npz file is needed"),
    QT_TRANSLATE_NOOP(
        "model", "this is not an .npz archive (numpy.savez writes them), or it is cut off"),
    QT_TRANSLATE_NOOP("model", "the array's data end early or fail their checksum"),
    QT_TRANSLATE_NOOP("model", "Line %1 opens a quote that is never closed."),
    QT_TRANSLATE_NOOP("model", "Line %1 has %2 cells; the lines before it have %3."),
    QT_TRANSLATE_NOOP(
        "model", "Row %1 (line %2), column \"%3\" is empty; fill it in or leave the row out."),
    QT_TRANSLATE_NOOP("model",
        "Row %1 (line %2), column \"%3\" holds \"%4\", which is not a number; features must be "
        "numbers."),
    QT_TRANSLATE_NOOP("model", "There is no column \"%1\"; there are %2."),
    QT_TRANSLATE_NOOP("model",
        "The table has %1 rows and %2 columns; at least one row, a feature and a target are "
        "needed."),
    QT_TRANSLATE_NOOP("model", "All columns are targets; at least one must be a feature."),
    QT_TRANSLATE_NOOP("model",
        "The archive has no inputs; they are members named x, x_0, x_1 … or x:<input name>."),
    QT_TRANSLATE_NOOP("model",
        "The archive has no inputs; they are members named x, x_0, x_1 … or x:<input name> (it has "
        "%1)."),
    QT_TRANSLATE_NOOP("model",
        "\"%1\" is not a data set that can be read: give a .npz or .csv file, or builtin:NAME."),
    QT_TRANSLATE_NOOP("model",
        "Input %1 (\"%2\") of the data has shape %3; the model needs %4 (None is the number of "
        "rows)."),
    QT_TRANSLATE_NOOP("model",
        "The target of the data has shape %1; the model needs %2 (None is the number of rows)."),
    QT_TRANSLATE_NOOP("model",
        "Target %1 (\"%2\") of the data has shape %3; the model needs %4 (None is the number of "
        "rows)."),
    QT_TRANSLATE_NOOP("model", "The data have %1 inputs and the model has %2."),
    QT_TRANSLATE_NOOP("model", "The data have %1 targets and the model has %2."),
    QT_TRANSLATE_NOOP("model", "The data hold nothing named \"%1\" among their inputs."),
    QT_TRANSLATE_NOOP("model", "The data hold nothing named \"%1\" among their targets."),
    QT_TRANSLATE_NOOP("model", "Row %1 has class %2; the model's output has classes 0 to %3."),
    QT_TRANSLATE_NOOP(
        "model", "Target number %1 is class %2; the model's output has classes 0 to %3."),
    QT_TRANSLATE_NOOP("model",
        "The data have %1 rows of inputs and shape %2 elsewhere; each needs the same number of "
        "rows."),
    QT_TRANSLATE_NOOP("model",
        "The data have %1 rows in one place and shape %2 in another; each needs the same number of "
        "rows."),
    QT_TRANSLATE_NOOP("model", "The data set has no rows."),
    QT_TRANSLATE_NOOP("model", "The model takes text; training on text is not possible here."),
    QT_TRANSLATE_NOOP("model", "The model has %1 outputs and the data have targets for %2."),
    QT_TRANSLATE_NOOP("model", "A validation split of %1 leaves no rows on one side of %2."),
    QT_TRANSLATE_NOOP("model", "All weights are frozen; there is nothing to train."),
    QT_TRANSLATE_NOOP("model", "The weight constraint \"%1\" cannot be run."),
    QT_TRANSLATE_NOOP("model", "The file names no optimizer; choose one to train."),
    QT_TRANSLATE_NOOP("model",
        "The optimizer \"%1\" cannot be run; choose another one to train (it starts fresh)."),
    QT_TRANSLATE_NOOP(
        "model", "The learning rate is neither a number nor a schedule; choose one to train on."),
    QT_TRANSLATE_NOOP("model",
        "The learning-rate schedule \"%1\" is not one of Keras's; give a learning rate of your own "
        "to train on."),
    QT_TRANSLATE_NOOP("model",
        "The loss \"%1\" is Python code of its own and cannot be computed; choose another loss to "
        "train."),
    QT_TRANSLATE_NOOP("model", "The file names no loss for any output; choose a loss to train."),

    // Layers that cannot run here
    QT_TRANSLATE_NOOP("model", "layer '%1' (%2): %3"),
    QT_TRANSLATE_NOOP("model", "model '%1' (%2): %3"),
    QT_TRANSLATE_NOOP("model", "its graph is Python code, so it cannot be run"),
    QT_TRANSLATE_NOOP("model", "its graph is Python code, so its inputs are not known"),
    QT_TRANSLATE_NOOP("model", "Layerscope cannot run this layer"),
    QT_TRANSLATE_NOOP("model", "this layer is not known to Layerscope, so it cannot be run"),
    QT_TRANSLATE_NOOP("model", "the activation '%1' is not known"),
    QT_TRANSLATE_NOOP("model", "the output mode '%1' cannot be computed here"),
    QT_TRANSLATE_NOOP("model", "its vocabulary cannot be looked up here"),
    QT_TRANSLATE_NOOP("model", "its boundaries are not in the configuration"),
    QT_TRANSLATE_NOOP("model", "its random changes cannot be computed here"),
    QT_TRANSLATE_NOOP("model", "its random crops cannot be computed here"),
    QT_TRANSLATE_NOOP("model", "batch renormalization cannot be trained here"),
    QT_TRANSLATE_NOOP("model", "its mode is code or is not known"),
    QT_TRANSLATE_NOOP("model", "its cell '%1' is not known"),
    QT_TRANSLATE_NOOP("model", "the interpolation '%1' is not known"),
    QT_TRANSLATE_NOOP("model", "input '%1': the file does not tell its shape"),
    QT_TRANSLATE_NOOP("model", "input '%1' takes strings, which Layerscope cannot compute with"),
    QT_TRANSLATE_NOOP("model", "the regularizer '%1' is not known"),

    // Weights and an architecture from two files
    QT_TRANSLATE_NOOP("model", "the weights do not fit the architecture: %1"),
    QT_TRANSLATE_NOOP(
        "model", "the architecture has %1 layers with weights, the file holds weights of %2"),
    QT_TRANSLATE_NOOP(
        "model", "the architecture has 1 layer with weights, the file holds weights of %1"),
    QT_TRANSLATE_NOOP("model", "'%1' of layer '%2' should have shape %3 and has %4"),
    QT_TRANSLATE_NOOP("model", "'%1' of layer '%2' is not in the file"),
    QT_TRANSLATE_NOOP("model", "layer '%1' of the file is extra"),
    QT_TRANSLATE_NOOP(
        "model", "The weights come without an optimizer state: training starts with a fresh one."),
    QT_TRANSLATE_NOOP("model",
        "The optimizer state of the weights' file (%1 variables) does not fit this model and was "
        "left out: training starts with a fresh one."),
    QT_TRANSLATE_NOOP("model",
        "The names look like PyTorch's, which keeps kernels transposed: Layerscope never guesses "
        "that. Convert them to Keras's names and shapes first."),
    QT_TRANSLATE_NOOP(
        "model", "This file lists layers by class: their order is a guess from the shapes."),
    QT_TRANSLATE_NOOP("model", "its name says so"),
    QT_TRANSLATE_NOOP("model", "only if a single place is left"),
    QT_TRANSLATE_NOOP("model", "%1 features are %2 places of %3 channels"),

    // What a job does now
    QT_TRANSLATE_NOOP("model", "writing"),
    QT_TRANSLATE_NOOP("model", "checking"),
    QT_TRANSLATE_NOOP("model", "comparing"),
    QT_TRANSLATE_NOOP("model", "comparing the checksum"),
};

} // namespace

QStringList modelPatterns()
{
    QStringList list;
    for (const char* text : patterns)
        list.append(QString::fromUtf8(text));
    for (const char* text : crossingTexts())
        list.append(QString::fromUtf8(text));
    return list;
}

} // namespace layerscope::views
