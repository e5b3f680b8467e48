#pragma once

#include "model/containers/hdf5.h"
#include "model/core/json.h"
#include "tests/fuzz/input.h"

#include <cstring>
#include <functional>

#include "proto/tensorflow.pb.h"

/// What files that are made to do harm are made of.
namespace layerscope::robust {

namespace fs = std::filesystem;

inline std::string repeated(std::string_view text, std::size_t times)
{
    std::string all;
    all.reserve(text.size() * times);
    while (times-- > 0)
        all += text;
    return all;
}

constexpr const char* head = R"({"class_name": "Sequential", "config": {"name": "s", "layers": [)";

/// A .h5 with this configuration and nothing else.
inline fs::path h5With(
    const std::string& config, const std::function<void(containers::Hdf5Group&)>& more = {})
{
    const fs::path path = fuzz::scratch() / "model.h5";
    auto file = *containers::Hdf5File::create(path);
    {
        auto root = *file.root();
        (void)root.setText("model_config", config);
        auto weights = *root.createGroup("model_weights");
        (void)weights.setNameList("layer_names", {});
        if (more)
            more(root);
    }
    (void)file.close();
    return path;
}

/// A model whose input layer is called `in`.
inline std::string functional(const std::string& layers, const std::string& out)
{
    return R"({"class_name": "Functional", "config": {"name": "f", "layers": [)" + layers
        + R"(], "input_layers": [["in", 0, 0]], "output_layers": [[")" + out + R"(", 0, 0]]}})";
}

inline std::string dense(const std::string& name, const std::string& from)
{
    return R"({"class_name": "Dense", "name": ")" + name + R"(", "config": {"name": ")" + name
        + R"(", "units": 1}, "inbound_nodes": [[[")" + from + R"(", 0, 0, {}]]]})";
}

inline const std::string inputLayer
    = R"({"class_name": "InputLayer", "name": "in", "config": {"name": "in",
    "batch_input_shape": [null, 1]}, "inbound_nodes": []})";

inline std::string npyHeader(const std::string& dictionary)
{
    std::string text = dictionary + "\n";
    std::string bytes("\x93NUMPY\1\0", 8);
    bytes += char(text.size() & 0xFF);
    bytes += char(text.size() >> 8);
    return bytes + text;
}

inline std::string npy(
    const std::string& shape, const std::string& type = "<f4", std::size_t bytes = 64)
{
    return npyHeader("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }")
        + std::string(bytes, 'x');
}

/// A checkpoint of one float array whose entry `change` has changed.
inline fs::path bundleWith(const std::function<void(tensorflow::BundleEntry&)>& change)
{
    tensorflow::BundleHeader header;
    header.set_num_shards(1);
    tensorflow::BundleEntry entry;
    entry.set_dtype(1);
    entry.mutable_shape()->add_dim()->set_size(4);
    entry.set_size(16);
    change(entry);
    const std::string list = std::string(fuzz::valueMark) + header.SerializeAsString()
        + std::string(fuzz::entryMark) + "w/.ATTRIBUTES/VARIABLE_VALUE"
        + std::string(fuzz::valueMark) + entry.SerializeAsString();
    fuzz::write("ckpt.index", fuzz::bundleIndexOf(list));
    fuzz::write("ckpt.data-00000-of-00001", std::string(16, '\0'));
    return fuzz::scratch() / "ckpt";
}

/// A LevelDB table whose only block is compressed with snappy and claims to unfold to 3 GB.
inline fs::path snappyBomb()
{
    // The first block lies at the beginning of the file: contents, type 1, checksum 4.
    std::string block("\xFF\xFF\xFF\xFF\x0B", 5); // varint of 3,221,225,471
    block += repeated(std::string("\xFE\0\0", 3), 40); // copies of 64 bytes
    block += '\1';
    const auto crc = [&] {
        std::uint32_t c = 0xFFFFFFFFU;
        for (const char byte : block) {
            c ^= static_cast<unsigned char>(byte);
            for (int bit = 0; bit < 8; ++bit)
                c = (c >> 1U) ^ ((c & 1U) != 0 ? 0x82F63B78U : 0U);
        }
        c = ~c;
        return ((c >> 15U) | (c << 17U)) + 0xA282EAD8U;
    }();
    block.append(reinterpret_cast<const char*>(&crc), 4);
    // Footer: handles of metaindex and index (offset, size as varints), padding, magic.
    const std::size_t size = block.size() - 5;
    const auto varint = [](std::size_t n) {
        std::string bytes;
        for (; n >= 0x80; n >>= 7U)
            bytes += char((n & 0x7FU) | 0x80U);
        return bytes + char(n);
    };
    std::string footer = varint(0) + varint(size) + varint(0) + varint(size);
    footer.resize(40);
    footer += std::string("\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8);
    fuzz::write("ckpt.index", block + footer);
    fuzz::write("ckpt.data-00000-of-00001", "");
    return fuzz::scratch() / "ckpt";
}

/// saved_model.pb with a value nested a hundred thousand times.
inline fs::path deepProtobuf()
{
    std::string message;
    for (int i = 0; i < 2000; ++i) { // lengths grow with depth, so this is quadratic in size
        std::string outer = "\x0a";
        for (std::size_t n = message.size();; n >>= 7U) {
            outer += char((n & 0x7FU) | (n >= 0x80 ? 0x80U : 0U));
            if (n < 0x80)
                break;
        }
        message = outer + message;
    }
    // Groups need no lengths: the start of group 1, over and over.
    message += repeated("\x0b", 100'000);
    fuzz::write("deep/saved_model.pb", message);
    fuzz::write("deep/variables/variables.index", "");
    return fuzz::scratch() / "deep";
}

/// Changes `bytes` where `mark` stands for the `occurrence`th time, `offset` bytes further on.
inline std::string patched(std::string bytes, std::string_view mark, std::size_t occurrence,
    std::size_t offset, std::string_view with)
{
    std::size_t at = bytes.find(mark);
    while (occurrence-- > 0)
        at = bytes.find(mark, at + 1);
    return bytes.replace(at + offset, with.size(), with);
}

inline std::string twoMembers()
{
    static const std::string a = npy("(16,)");
    static const std::string b = npy("(4, 4)");
    return fuzz::zipOf({ { "x.npy", a }, { "y.npy", b } });
}

constexpr std::string_view local = "PK\3\4";
constexpr std::string_view central = "PK\1\2";

} // namespace layerscope::robust
