#include "model/formats/keras_h5_build.h"
#include "model/formats/keras_h5_changes.h"
#include "model/formats/keras_h5_dialect.h"
#include "model/formats/keras_h5_stream.h"

// A file is saved in its own dialect by copying its bytes and changing what has changed: numbers at
// their offsets, everything else through HDF5. Only what changes the file's structure (another
// dialect, weights only, an optimizer dropped or exchanged) builds a new file.

namespace layerscope::formats {

using containers::Hdf5Charset;
using containers::Hdf5File;

namespace {

/// Changes that are not numbers at a known offset.
struct Rest
{
    std::vector<H5TextChange> texts;
    std::vector<H5ArrayChange> arrays;
    std::vector<H5OrderChange> orders;
    const OptimizerState* addedOptimizer = nullptr;

    bool isEmpty() const
    {
        return texts.empty() && arrays.empty() && orders.empty() && addedOptimizer == nullptr;
    }
};

Result<void> writeRest(const std::filesystem::path& path, const Rest& rest, const JobContext& job)
{
    std::vector<H5Patch> patches;
    TRY(Hdf5File file, Hdf5File::edit(path));
    {
        TRY(auto root, file.root());
        for (const H5ArrayChange& change : rest.arrays) {
            TRY(auto dataset, root.dataset(change.place.path));
            TRY(const Tensor tensor, loadAs(change.value, change.place.asRead.dtype()));
            TRY_DO(dataset.store(tensor));
        }
        TRY_DO(writeRootTexts(root, rest.texts));
        for (const H5OrderChange& change : rest.orders) {
            TRY(auto group, root.group(change.group));
            TRY_DO(group.setNameList("weight_names", change.names));
        }
        if (rest.addedOptimizer != nullptr)
            TRY_DO(createOptimizer(root, *rest.addedOptimizer, patches));
    }
    TRY_DO(file.close());
    return patches.empty() ? Result<void>() : writePatches(path, std::move(patches), job);
}

/// Copies the source with the changes in it.
Result<void> copyChanged(const H5Carried& carried, H5Changes changes,
    const OptimizerState* addedOptimizer, const std::filesystem::path& path, const JobContext& job)
{
    std::vector<H5Patch> patches;
    Rest rest{ std::move(changes.texts), {}, std::move(changes.orders), addedOptimizer };
    for (H5ArrayChange& change : changes.arrays) {
        const auto extent = change.place.asRead.extent();
        if (extent && change.value.count() == change.place.asRead.count())
            patches.push_back({ extent->offset, change.place.asRead.dtype(), change.value });
        else
            rest.arrays.push_back(std::move(change));
    }
    TRY_DO(copyPatched(*carried.file, path, std::move(patches), job));
    return rest.isEmpty() ? Result<void>() : writeRest(path, rest, job);
}

/// Why `network` cannot be written in `format` at all.
std::optional<Error> refusal(const Network& network, const std::string& format)
{
    const H5Carried* const carried = carriedH5(network);
    if (carried != nullptr && carried->format == format)
        return std::nullopt;
    if (format == "h5-weights")
        return std::nullopt;
    if (network.architecture.isEmpty())
        return Error(ErrorKind::Unsupported,
            "there is no architecture to save, only weights; attach one (--architecture), or save "
            "as h5-weights");
    const bool isKeras3 = network.generation == KerasGeneration::Keras3;
    if (isKeras3 != (format == "h5"))
        return Error(ErrorKind::Unsupported,
            std::string("a model of Keras ") + (isKeras3 ? "3" : "2") + " cannot be saved as "
                + format + " by this version; choose "
                + (isKeras3 ? "h5" : "h5-keras2 or h5-legacy"));
    if (network.generation == KerasGeneration::Keras1)
        return Error(ErrorKind::Unsupported,
            "a model of Keras 1 can be saved as it is, not in the dialect " + format
                + "; choose h5-legacy");
    return std::nullopt;
}

} // namespace

Result<void> writeKerasH5(const Network& network, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job)
{
    const H5Carried* const carried = carriedH5(network);
    const std::string format = options.format.empty() ? network.file.format : options.format;
    if (auto error = refusal(network, format))
        return *std::move(error);
    TRY(H5Target target, targetFor(network, format, options.optimizer));

    const bool sameFormat = carried != nullptr && carried->format == format
        && network.weights.size() == carried->weights.size();
    const bool sameOptimizer
        = sameFormat && target.optimizer && sameOptimizerLayout(*target.optimizer, *carried);
    const bool nothingToRemove = sameFormat && (sameOptimizer || !carried->hasOptimizerGroup);
    if (!nothingToRemove)
        return buildKerasH5(network, target, path, job);

    H5Changes changes;
    TRY_DO(collectWeightChanges(network, *carried, changes));
    if (sameOptimizer)
        TRY_DO(collectOptimizerChanges(*target.optimizer, *carried, changes));
    collectTextChanges(network, target.training, *carried, changes);
    collectOrderChanges(network, *carried, changes);
    const bool adds = target.optimizer && !sameOptimizer && !target.optimizer->variables.empty();
    return copyChanged(
        *carried, std::move(changes), adds ? &*target.optimizer : nullptr, path, job);
}

} // namespace layerscope::formats
