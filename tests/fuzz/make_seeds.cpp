// Writes the inputs that fuzzing begins with:
//
//   make_seeds FOLDER DATA [CORPUS]
//
// FOLDER/<target>/ is filled from the small files of DATA (tests/data), from models saved in every
// format that can be written, from a few texts, and from CORPUS (a folder of saved models) where
// there is one.
#include "model/containers/table_blocks.h"
#include "model/containers/tensor_bundle.h"
#include "model/core/json.h"
#include "model/formats/format.h"
#include "tests/fuzz/input.h"

#include <leveldb/env.h>
#include <leveldb/iterator.h>
#include <leveldb/options.h>
#include <leveldb/table.h>
#include <zip.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "proto/tensorflow.pb.h"

using namespace layerscope;
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largestSeed = 40'000;

std::string contentOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

class Seeds
{
public:
    explicit Seeds(fs::path folder)
        : m_folder(std::move(folder))
    {
    }

    void add(const std::string& target, const std::string& bytes)
    {
        if (bytes.size() > largestSeed)
            return;
        const fs::path folder = m_folder / target;
        fs::create_directories(folder);
        std::ofstream file(
            folder / ("seed" + std::to_string(m_counts[target]++)), std::ios::binary);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }

    void report() const
    {
        for (const auto& [target, count] : m_counts)
            std::printf("%s: %d\n", target.c_str(), count);
    }

private:
    fs::path m_folder;
    std::map<std::string, int> m_counts;
};

/// {"keras_version", "model", "training", "weights"}: see architecture.cpp.
std::string architectureSeed(const Network& network)
{
    Json weights = Json::array();
    for (const Layer& top : network.model.layers) {
        Json group = Json::array();
        visitLayers(top, [&](const Layer& layer, const std::vector<std::string>&) {
            for (const WeightIndex index : layer.weights) {
                const Weight& weight = network.weights[index];
                group.push_back(Json::array({ weight.name, weight.value.shape() }));
            }
        });
        weights.push_back(Json::array({ top.name, group }));
    }
    Json seed;
    seed["keras_version"] = network.file.kerasVersion;
    seed["model"] = network.architecture.value();
    if (network.training)
        seed["training"] = network.training->source.value();
    seed["weights"] = weights;
    return dumpJson(seed);
}

/// A table's entries as a list that bundleIndexOf() understands.
std::string entriesOf(const fs::path& index)
{
    const std::string bytes = contentOf(index);
    if (!containers::tableBlocksLieInside(std::as_bytes(std::span(bytes))))
        return {};
    leveldb::Env* const env = leveldb::Env::Default();
    leveldb::RandomAccessFile* file = nullptr;
    if (!env->NewRandomAccessFile(index.string(), &file).ok())
        return {};
    const std::unique_ptr<leveldb::RandomAccessFile> owned(file);
    leveldb::Table* opened = nullptr;
    if (!leveldb::Table::Open({}, file, fs::file_size(index), &opened).ok())
        return {};
    const std::unique_ptr<leveldb::Table> table(opened);
    std::string text;
    const std::unique_ptr<leveldb::Iterator> entry(table->NewIterator({}));
    for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
        text += text.empty() ? "" : fuzz::entryMark;
        text += entry->key().ToString() + std::string(fuzz::valueMark) + entry->value().ToString();
    }
    return text;
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string text;
    for (const std::string& part : parts)
        text.append(text.empty() && &part == &parts.front() ? "" : fuzz::partMark).append(part);
    return text;
}

/// saved_model.pb without the function graphs, which nobody reads here and which are most of it.
std::string slim(const std::string& bytes)
{
    tensorflow::SavedModel message;
    if (!message.ParseFromString(bytes))
        return bytes;
    message.DiscardUnknownFields();
    return message.SerializeAsString();
}

void addBundle(Seeds& seeds, const std::string& target, std::vector<std::string> before,
    const fs::path& prefix)
{
    const std::string data = contentOf(prefix.string() + ".data-00000-of-00001");
    for (const bool asEntries : { false, true }) {
        std::vector<std::string> parts = before;
        parts.push_back(asEntries ? entriesOf(prefix.string() + ".index")
                                  : contentOf(prefix.string() + ".index"));
        parts.push_back(data);
        seeds.add(target, joined(parts));
    }
}

void addSavedModel(Seeds& seeds, const fs::path& folder)
{
    addBundle(seeds, "saved_model",
        { slim(contentOf(folder / "saved_model.pb")), contentOf(folder / "keras_metadata.pb") },
        folder / "variables" / "variables");
}

std::string memberOf(zip_t* archive, const char* name)
{
    std::string bytes;
    if (zip_file_t* const file = zip_fopen(archive, name, 0)) {
        std::array<char, 4096> block{};
        for (zip_int64_t n = 0; (n = zip_fread(file, block.data(), block.size())) > 0;)
            bytes.append(block.data(), static_cast<std::size_t>(n));
        zip_fclose(file);
    }
    return bytes;
}

/// An archive as it is, and its members.
void addArchive(Seeds& seeds, const fs::path& path)
{
    seeds.add("zip_archive", contentOf(path));
    zip_t* const archive = zip_open(path.c_str(), ZIP_RDONLY, nullptr);
    if (archive == nullptr)
        return;
    seeds.add("keras_archive",
        joined({ memberOf(archive, "config.json"), memberOf(archive, "metadata.json"),
            memberOf(archive, "model.weights.h5") }));
    zip_discard(archive);
}

/// One seed out of a file that a format has written or a corpus holds, told apart by its name.
void addFile(Seeds& seeds, const fs::path& path)
{
    const std::string name = path.filename().string();
    if (fs::is_directory(path)) {
        addSavedModel(seeds, path);
    } else if (name.ends_with(".index")) {
        addBundle(seeds, "checkpoint", {}, path.parent_path() / path.stem());
    } else if (name.ends_with(".weights.h5")) {
        seeds.add("weights_h5", contentOf(path));
    } else if (name.ends_with(".h5")) {
        seeds.add("keras_h5", contentOf(path));
    } else if (name.ends_with(".keras")) {
        addArchive(seeds, path);
    } else if (name.ends_with(".npy") || name.ends_with(".npz")) {
        seeds.add("numpy", contentOf(path));
    } else if (name.ends_with(".safetensors")) {
        seeds.add("safetensors", contentOf(path));
    } else if (name.find("tfevents") != std::string::npos) {
        seeds.add("event_file", contentOf(path));
    } else if (name.ends_with(".csv") || name.ends_with(".tsv") || name == "history.json") {
        seeds.add("table", contentOf(path));
    }
}

/// `model` in every format that can be written from it.
void addInAllFormats(Seeds& seeds, const Network& network, const fs::path& work)
{
    for (const formats::ModelFormat* format : formats::allFormats()) {
        for (const std::string_view name : format->names) {
            fs::remove_all(work);
            fs::create_directories(work);
            const std::string suffix
                = format->patterns.empty() ? "" : std::string(format->patterns.front().substr(1));
            const fs::path target = work / (format->isFolder ? "model" : "model" + suffix);
            if (formats::saveNetwork(network, target, { .format = std::string(name) }))
                for (const auto& entry : fs::directory_iterator(work))
                    addFile(seeds, entry.path());
        }
    }
    fs::remove_all(work);
}

/// A checkpoint of three variables with an object graph.
void addSmallCheckpoint(Seeds& seeds, const fs::path& work)
{
    tensorflow::TrackableObjectGraph graph;
    auto* root = graph.add_nodes();
    for (const char* name : { "kernel", "bias" }) {
        auto* child = root->add_children();
        child->set_node_id(graph.nodes_size());
        child->set_local_name(name);
        auto* attribute = graph.add_nodes()->add_attributes();
        attribute->set_name("VARIABLE_VALUE");
        attribute->set_full_name(name);
        attribute->set_checkpoint_key(std::string(name) + "/.ATTRIBUTES/VARIABLE_VALUE");
        root = graph.mutable_nodes(0);
    }
    fs::create_directories(work);
    (void)containers::writeTensorBundle(work / "ckpt",
        { { "_CHECKPOINTABLE_OBJECT_GRAPH", Tensor::ofStrings({}, { graph.SerializeAsString() }) },
            { "kernel/.ATTRIBUTES/VARIABLE_VALUE", Tensor::of<float>({ 2, 1 }, { 1, 2 }) },
            { "bias/.ATTRIBUTES/VARIABLE_VALUE", Tensor::of<float>({ 1 }, { 3 }) },
            { "save_counter/.ATTRIBUTES/VARIABLE_VALUE", Tensor::scalar<std::int64_t>(1) } });
    addFile(seeds, work / "ckpt.index");
    fs::remove_all(work);
}

void addTexts(Seeds& seeds)
{
    for (const char* text : { "epoch,loss,val_loss\n0,1.5,nan\n1,0.5,1e3\n",
             "a;b;c\r\n1,5;2,5;x\r\n3,5;\"q;\"\"r\";y\r\n", "x\ty\n1\t2\n3\t4",
             "epoch,loss\n0,\"[1.0, 2.0]\"\n", "{\"loss\": [1.0, NaN], \"val_loss\": [2, 3]}",
             "{\"epoch\": 0, \"loss\": 1}\n{\"epoch\": 1, \"loss\": 0.5}\n", "1,2,3\n4,5,6\n",
             "\xEF\xBB\xBFstep,w\n10,1\n20,2\n" })
        seeds.add("table", text);
    // Event { step: 2, summary { value { tag: "loss", simple_value: 1 } } }, and as a tensor.
    const std::string simple(
        "\x09\0\0\0\0\0\0\xF0\x3F\x10\2\x2A\x0D\x0A\x0B\x0A\4loss\x15\0\0\x80?", 26);
    const std::string tensor("\x10\3\x2A\x23\x0A\x21\x0A\4loss\x4A\x0B\x0A\x09\x0A\7scalars\x42\x0C"
                             "\x08\1\x12\0\x22\4\0\0\x80?\x2A\0",
        39);
    seeds.add("event_file", joined({ simple, tensor, simple }));
    seeds.add("event_file", joined({ simple, std::string(fuzz::partMark) }));
}

} // namespace

int main(int count, char** words)
{
    if (count < 3)
        return 2;
    const fs::path work = fs::path(words[1]) / "work";
    Seeds seeds(words[1]);
    addTexts(seeds);
    addSmallCheckpoint(seeds, work);
    for (int i = 2; i < count; ++i) {
        for (auto entry = fs::recursive_directory_iterator(words[i]); entry != fs::end(entry);
             ++entry) {
            const fs::path path = entry->path();
            const std::string name = path.filename().string();
            if (name == "saved_model.pb")
                addSavedModel(seeds, path.parent_path());
            else if (entry->is_regular_file() && entry->file_size() <= largestSeed
                && path.parent_path().filename() != "variables" && name != "arrays.npz")
                addFile(seeds, path);
            if (name != "model.h5" && name != "model.keras")
                continue;
            const auto network = formats::openNetwork(path);
            if (!network)
                continue;
            seeds.add("architecture", architectureSeed(*network));
            if (i == 2)
                addInAllFormats(seeds, *network, work);
        }
    }
    seeds.report();
    return 0;
}
