#pragma once

// Internal to the formats that are written as HDF5.

#include "model/containers/hdf5.h"
#include "model/formats/keras_h5_stream.h"

#include <map>
#include <set>

namespace layerscope::formats {

/// Copies a tree of groups from one HDF5 file to another, with some datasets given other values.
/// Groups that are there already are added to.
class H5TreeCopy
{
public:
    /// `replaced` by path in the source; the places of values to be written later are added to
    /// `patches`.
    H5TreeCopy(std::shared_ptr<const containers::MappedFile> source,
        std::map<std::string, StoredTensor> replaced, std::vector<H5Patch>& patches)
        : m_source(std::move(source))
        , m_patches(patches)
        , m_replaced(std::move(replaced))
    {
    }

    /// The members of `source` and all below, into `target`; `skipped` (a path in the source) is
    /// left out.
    Result<void> copy(containers::Hdf5Group source, const std::string& sourcePath,
        containers::Hdf5Group& target, const std::string& skipped, const JobContext& job);

private:
    struct Item
    {
        containers::Hdf5Group source;
        std::string sourcePath;
        std::string targetPath;
    };

    Result<void> copyMember(
        const Item& item, const containers::Hdf5Link& link, containers::Hdf5Group& target);
    Result<void> copyDataset(const containers::Hdf5Dataset& dataset, const std::string& sourcePath,
        containers::Hdf5Group& target, const std::string& path);

    std::shared_ptr<const containers::MappedFile> m_source;
    std::vector<H5Patch>& m_patches;
    std::map<std::string, StoredTensor> m_replaced;
    std::map<std::uint64_t, std::string> m_groups; // address in the source → path in the target
    std::vector<Item> m_pending;
};

} // namespace layerscope::formats
