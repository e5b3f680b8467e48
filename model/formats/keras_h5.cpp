#include "model/formats/keras_h5_dialect.h"

// Keras HDF5, whole models and legacy weights-only files, of Keras 1 to 3.
//
//   /                       @model_config @training_config @keras_version @backend   (JSON texts)
//   /model_weights          @layer_names @backend @keras_version
//   /model_weights/<layer>  @weight_names                 one group for each top-level layer
//   /model_weights/<layer>/<weight name, whose '/' make groups>             datasets
//   /model_weights/top_level_model_weights  @weight_names
//   /optimizer_weights      @weight_names
//   /optimizer_weights/<variable name, whose '/' make groups>               datasets
//
// A weights-only file has at its root what /model_weights has here. Order is everything: layers and
// weights are paired by their position in layer_names and weight_names, never by link order.

namespace layerscope::formats {

using containers::Hdf5File;
using containers::MappedFile;

namespace {

constexpr std::array<std::string_view, 4> kerasH5Names{ "h5", "h5-keras2", "h5-legacy",
    "h5-weights" };
constexpr std::array<std::string_view, 2> kerasH5Patterns{ "*.h5", "*.hdf5" };

Recognition recogniseKerasH5(const std::filesystem::path& path)
{
    const auto file = MappedFile::open(path);
    if (!file || !containers::findHdf5Signature((*file)->bytes()))
        return Recognition::No;
    const auto hdf5 = Hdf5File::open(**file);
    if (!hdf5)
        return Recognition::Maybe; // read() says what is wrong with it
    const auto root = hdf5->root();
    if (!root)
        return Recognition::Maybe;
    const bool isKeras = root->hasAttribute("model_config") || root->hasNameList("layer_names")
        || root->has(modelWeightsGroup);
    return isKeras ? Recognition::Yes : Recognition::Maybe;
}

std::vector<std::string> remarksOnKerasH5(const Network& network, const WriteOptions& options)
{
    const auto target = targetFor(network, options.format, options.optimizer);
    return target ? target->remarks : std::vector<std::string>();
}

} // namespace

extern const ModelFormat keras_h5;
const ModelFormat keras_h5{
    .title = WORDS("formats", "Keras HDF5"),
    .names = kerasH5Names,
    .patterns = kerasH5Patterns,
    .recognise = recogniseKerasH5,
    .read = readKerasH5,
    .write = writeKerasH5,
    .remarks = remarksOnKerasH5,
};

const H5Carried* carriedH5(const Network& network)
{
    const auto* carried = std::any_cast<std::shared_ptr<const H5Carried>>(&network.carried);
    return carried != nullptr ? carried->get() : nullptr;
}

std::string joinH5(std::string_view a, std::string_view b)
{
    std::string path(a);
    if (!a.empty() && !b.empty())
        path += '/';
    return path.append(b);
}

} // namespace layerscope::formats
