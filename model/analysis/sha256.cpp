#include "model/analysis/sha256.h"

#include "model/analysis/statistics.h"

#include <array>
#include <new>
#include <openssl/evp.h>

namespace layerscope::analysis {
namespace {

EVP_MD_CTX* context(void* pointer)
{
    return static_cast<EVP_MD_CTX*>(pointer);
}

} // namespace

Sha256::Sha256()
    : m_context(EVP_MD_CTX_new())
{
    if (m_context == nullptr)
        throw std::bad_alloc(); // as any small allocation that fails
    EVP_DigestInit_ex(context(m_context), EVP_sha256(), nullptr);
}

Sha256::~Sha256()
{
    EVP_MD_CTX_free(context(m_context));
}

void Sha256::add(std::span<const std::byte> bytes)
{
    EVP_DigestUpdate(context(m_context), bytes.data(), bytes.size());
}

std::string Sha256::hex()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_DigestFinal_ex(context(m_context), digest.data(), &length);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
        text += digits[digest[i] >> 4U];
        text += digits[digest[i] & 0xFU];
    }
    return text;
}

std::string sha256(const Tensor& tensor)
{
    Sha256 hash;
    if (tensor.dtype() == DType::String) {
        const std::byte separator{ 0 };
        bool isFirst = true;
        for (const std::string& item : tensor.strings()) {
            if (!isFirst)
                hash.add({ &separator, 1 });
            hash.add(std::as_bytes(std::span(item)));
            isFirst = false;
        }
    } else {
        hash.add(tensor.bytes());
    }
    return hash.hex();
}

} // namespace layerscope::analysis
