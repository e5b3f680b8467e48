#pragma once

#include "model/formats/format.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

/// What the tests of saving share: one model in every format that can be written.
namespace layerscope::robust {

namespace fs = std::filesystem;

/// What the names of the files of a checkpoint have after `path`, their common prefix.
inline std::vector<std::string> suffixesOf(const fs::path& path)
{
    const std::string prefix = path.filename().string() + ".";
    std::vector<std::string> suffixes;
    for (const auto& entry : fs::directory_iterator(path.parent_path()))
        if (const std::string name = entry.path().filename().string(); name.starts_with(prefix))
            suffixes.push_back(name.substr(prefix.size() - 1));
    return suffixes;
}

inline std::string contentOf(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// The files beside an index of weights in several files that it names.
inline std::vector<std::string> shardsOf(const fs::path& path)
{
    std::vector<std::string> names;
    if (path.extension() != ".json")
        return names;
    const std::string text = contentOf(path);
    const std::string end = ".weights.h5\"";
    for (std::size_t at = text.find(end); at != std::string::npos; at = text.find(end, at + 1)) {
        const std::size_t begin = text.rfind('"', at) + 1;
        names.push_back(text.substr(begin, at + end.size() - 1 - begin));
    }
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

/// Every file at or below `path` with its content, by its name relative to `path`; for a checkpoint
/// every file that begins with it.
inline std::map<std::string, std::string> contentsOf(const fs::path& path)
{
    const auto content = [](const fs::path& file) { return contentOf(file); };
    std::map<std::string, std::string> files;
    if (!fs::exists(path)) {
        for (const std::string& suffix : suffixesOf(path))
            files[suffix] = content(path.string() + suffix);
        return files;
    }
    if (!fs::is_directory(path)) {
        files[""] = content(path);
        for (const std::string& name : shardsOf(path))
            files[name] = content(path.parent_path() / name);
        return files;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path))
        if (entry.is_regular_file())
            files[fs::relative(entry.path(), path).string()] = content(entry.path());
    return files;
}

/// A copy of what was saved at `from`: a file, a folder, or the files of a checkpoint.
inline void copySaved(const fs::path& from, const fs::path& to)
{
    for (const std::string& name : shardsOf(from))
        fs::copy(from.parent_path() / name, to.parent_path() / name,
            fs::copy_options::overwrite_existing);
    if (fs::exists(from))
        return fs::copy(from, to, fs::copy_options::recursive);
    for (const std::string& suffix : suffixesOf(from))
        fs::copy(from.string() + suffix, to.string() + suffix);
}

/// Everything in `folder`, also what is hidden.
inline std::vector<std::string> namesIn(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

/// What is in `folder` beside the model `name`. TensorFlow keeps a file `checkpoint` beside its
/// own; parts of an index may stay of a save that was broken off.
inline std::vector<std::string> leftoversIn(const fs::path& folder, const std::string& name)
{
    std::vector<std::string> names = namesIn(folder);
    std::erase_if(names, [&](const std::string& other) {
        const bool isPart = other.starts_with(fs::path(name).stem().string() + "_")
            && other.ends_with(".weights.h5");
        return other == name || other.starts_with(name + ".") || other == "checkpoint" || isPart;
    });
    return names;
}

/// The same network with every float weight one larger: what a save is to bring.
inline Network changed(Network network)
{
    for (Weight& weight : network.weights) {
        auto tensor = weight.value.load();
        if (!tensor || tensor->dtype() != DType::Float32)
            continue;
        const auto stored = tensor->valuesAs<float>();
        std::vector<float> values(stored.begin(), stored.end());
        for (float& value : values)
            value += 1;
        weight.value = Tensor::of<float>(tensor->shape(), values);
    }
    return network;
}

/// A format, and a model that was opened from a file of it.
struct Saved
{
    std::string format;
    std::string name; ///< of the file or folder
    Network network;
};

/// A model of some 70 kB saved in `folder` in each format that it can be written in, and opened
/// again from there. Formats that no model at hand can be written in are left out.
inline std::vector<Saved> inEveryFormat(const fs::path& folder)
{
    std::vector<Saved> all;
    for (const formats::ModelFormat* format : formats::allFormats()) {
        for (const std::string_view name : format->names) {
            if (format->write == nullptr)
                continue;
            for (const char* source : { "model_residual/keras3.15", "model_residual/keras2.15",
                     "old_mlp_adam/keras2.2" }) {
                const auto network
                    = formats::openNetwork(fs::path(TEST_DATA) / source / "model.h5");
                // The format is not taken from the name: all have the same here.
                const std::string file = "model-" + std::string(name);
                if (!network
                    || !formats::saveNetwork(
                        *network, folder / file, { .format = std::string(name) }))
                    continue;
                if (auto opened = formats::openNetwork(folder / file)) {
                    all.push_back({ std::string(name), file, *std::move(opened) });
                    break;
                }
            }
        }
    }
    return all;
}

} // namespace layerscope::robust
