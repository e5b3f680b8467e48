#pragma once

#include "model/containers/hdf5.h"
#include "model/containers/zip_archive.h"
#include "model/formats/format.h"

#include <QtTest>

#include <fstream>
#include <map>

namespace layerscope::tests {

namespace fs = std::filesystem;

inline const fs::path data = TEST_DATA;

inline std::string contentOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(file), {} };
}

inline Network opened(const fs::path& path)
{
    auto network = formats::openNetwork(path);
    if (!network)
        qFatal("%s", network.error().sentence().c_str());
    return *std::move(network);
}

inline formats::SaveReport saved(
    const Network& network, const fs::path& path, const formats::WriteOptions& options = {})
{
    auto report = formats::saveNetwork(network, path, options);
    if (!report)
        qFatal("%s", report.error().sentence().c_str());
    return *std::move(report);
}

/// The same array with `added` to each element.
inline StoredTensor plus(const StoredTensor& value, float added)
{
    Tensor tensor = *value.load();
    for (float& element : tensor.mutableValuesAs<float>())
        element += added;
    return StoredTensor(std::move(tensor));
}

inline void collect(const containers::Hdf5Group& group, const std::string& path,
    std::map<std::string, Tensor>& found, std::vector<std::string>& groups)
{
    const auto links = *group.links();
    for (const auto& link : links) {
        const std::string inner = path.empty() ? link.name : path + "/" + link.name;
        if (const auto next = group.group(link.name)) {
            groups.push_back(inner);
            collect(*next, inner, found, groups);
        } else if (const auto dataset = group.dataset(link.name)) {
            found.emplace(inner, *dataset->load());
        }
    }
}

/// What an HDF5 file, or the one in an archive, holds.
struct V3Content
{
    std::map<std::string, Tensor> arrays;
    std::vector<std::string> groups;
};

inline V3Content weightsIn(const fs::path& path)
{
    auto mapped = *containers::MappedFile::open(path);
    if (const auto archive = containers::ZipArchive::open(mapped))
        mapped = *archive->file(*archive->find("model.weights.h5"));
    const auto file = *containers::Hdf5File::open(*mapped);
    V3Content content;
    collect(*file.root(), {}, content.arrays, content.groups);
    std::ranges::sort(content.groups);
    return content;
}

inline bool sameArrays(const V3Content& a, const V3Content& b)
{
    return std::ranges::equal(a.arrays, b.arrays, [](const auto& x, const auto& y) {
        return x.first == y.first && x.second.identicalTo(y.second);
    });
}

inline std::string memberOf(const fs::path& path, const char* name)
{
    const auto archive = *containers::ZipArchive::open(*containers::MappedFile::open(path));
    return *archive.text(*archive.find(name), 1U << 26U);
}

/// Test rows for every file called `name` of the tests' data and of the corpus where it is there.
inline void addFileRows(const std::string& name)
{
    QTest::addColumn<QString>("path");
    for (const fs::path& root : { data, fs::path(SHARED_CORPUS) }) {
        std::error_code none;
        for (fs::recursive_directory_iterator entry(root, none), end; entry != end; ++entry)
            if (entry->path().filename() == name
                && entry->path().string().find("/bad/") == std::string::npos)
                QTest::newRow(entry->path().lexically_relative(root.parent_path()).c_str())
                    << QString::fromStdString(entry->path().string());
    }
}

} // namespace layerscope::tests
