#include "model/analysis/history.h"
#include "model/containers/crc32c.h"
#include "model/core/json.h"
#include "tests/fuzz/input.h"

#include <cstring>

using namespace layerscope;

namespace {

std::uint32_t checksum(std::string_view bytes)
{
    return containers::maskedCrc32c(containers::crc32c(std::as_bytes(std::span(bytes))));
}

template<class T> void append(std::string& out, T value)
{
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A record as TensorBoard frames it.
std::string framed(std::string_view record)
{
    std::string out;
    append(out, static_cast<std::uint64_t>(record.size()));
    append(out, checksum(out));
    out += record;
    append(out, checksum(record));
    return out;
}

} // namespace

// A TensorBoard event file as it is, or, where there are part marks, its records.

extern "C" int FUZZ_ENTRY(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Limits limits;
    const auto text = fuzz::textOf(data, size);
    const auto parts = fuzz::split(text, fuzz::partMark);
    std::string file;
    if (parts.size() > 1)
        for (const std::string_view record : parts)
            file += framed(record);
    else
        file = text;
    if (const auto history = analysis::readHistory(fuzz::write("events.out.tfevents.1", file)))
        (void)dumpStrictJson(analysis::toJson(*history));
    (void)analysis::readHistory(fuzz::scratch());
    return 0;
}
