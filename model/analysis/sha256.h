#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace layerscope::analysis {

/// Hex SHA-256 of what has been added, in order. Backed by libcrypto, which uses the processor's
/// own instructions for it (2 GB/s with SHA-NI, a quarter of that without).
class Sha256
{
public:
    Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    ~Sha256();

    void add(std::span<const std::byte> bytes);

    /// 64 lower-case hexadecimal digits. The last call made.
    std::string hex();

private:
    void* m_context;
};

} // namespace layerscope::analysis
