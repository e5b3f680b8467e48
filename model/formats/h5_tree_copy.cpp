#include "model/formats/h5_tree_copy.h"

namespace layerscope::formats {

using containers::Hdf5Dataset;
using containers::Hdf5Group;
using containers::Hdf5LinkKind;

namespace {

std::string joinPath(const std::string& a, const std::string& b)
{
    return a.empty() ? b : a + "/" + b;
}

} // namespace

Result<void> H5TreeCopy::copy(Hdf5Group source, const std::string& sourcePath, Hdf5Group& target,
    const std::string& skipped, const JobContext& job)
{
    m_groups.emplace(source.address(), std::string());
    m_pending.push_back({ std::move(source), sourcePath, {} });
    while (!m_pending.empty()) { // not recursive: groups may be nested thousands deep
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "saving was stopped; the old file is as it was");
        const Item item = std::move(m_pending.back());
        m_pending.pop_back();
        TRY(const auto links, item.source.links());
        for (const containers::Hdf5Link& link : links)
            if (joinPath(item.sourcePath, link.name) != skipped)
                TRY_DO(copyMember(item, link, target));
    }
    return {};
}

Result<void> H5TreeCopy::copyMember(
    const Item& item, const containers::Hdf5Link& link, Hdf5Group& target)
{
    const std::string path = joinPath(item.targetPath, link.name);
    if (link.kind != Hdf5LinkKind::Hard) {
        TRY(Hdf5Group parent, target.createGroup(item.targetPath));
        return parent.copyLink(item.source, link.name);
    }
    if (auto group = item.source.group(link.name)) {
        if (const auto known = m_groups.find(group->address()); known != m_groups.end()) {
            TRY(const Hdf5Group same, target.group(known->second));
            TRY(Hdf5Group parent, target.createGroup(item.targetPath));
            return parent.linkTo(same, link.name);
        }
        TRY(Hdf5Group made, target.createGroup(path));
        if (made.attributeNames().valueOr({}).empty()) // else a shard before brought them
            TRY_DO(made.copyAttributesOf(*group));
        m_groups.emplace(group->address(), path);
        m_pending.push_back({ *std::move(group), joinPath(item.sourcePath, link.name), path });
        return {};
    }
    auto dataset = item.source.dataset(link.name);
    if (!dataset)
        return std::move(dataset).error();
    return copyDataset(*dataset, joinPath(item.sourcePath, link.name), target, path);
}

Result<void> H5TreeCopy::copyDataset(const Hdf5Dataset& dataset, const std::string& sourcePath,
    Hdf5Group& target, const std::string& path)
{
    const auto storage = dataset.storage();
    if (storage.isElsewhere)
        return Error(ErrorKind::Unsupported, storage.refusal).in(sourcePath);
    const auto replaced = m_replaced.find(sourcePath);
    const auto dtype = dataset.dtype();
    if (dtype && storage.refusal.empty() && storage.isContiguous && storage.isNative) {
        TRY(Hdf5Dataset made, target.createDatasetLike(path, dataset));
        TRY_DO(made.copyAttributesOf(dataset));
        TRY(const StoredTensor stored, dataset.stored(m_source, sourcePath));
        H5Patch patch{ made.storage().offset.value_or(0), *dtype, stored };
        if (replaced != m_replaced.end()) {
            patch.value = replaced->second;
        } else {
            patch.source = m_source;
            patch.sourceOffset = storage.offset.value_or(0);
        }
        if (stored.count() > 0)
            m_patches.push_back(std::move(patch));
        return {};
    }
    TRY_DO(target.copyDataset(dataset, path));
    if (replaced == m_replaced.end() || !dtype)
        return {};
    TRY(Hdf5Dataset made, target.dataset(path));
    TRY(const Tensor tensor, loadAs(replaced->second, *dtype));
    return made.store(tensor);
}

} // namespace layerscope::formats
