#include "model/containers/hdf5_library.h"

#include "model/containers/system_failure.h"

namespace layerscope::containers {

Hdf5Id::~Hdf5Id()
{
    if (m_id < 0)
        return;
    library::prepare();
    H5Idec_ref(m_id);
}

namespace library {

namespace {

constexpr std::uint64_t mostTextBytes = 256U << 20U;
constexpr std::int64_t mostTexts = 1 << 22;

Hdf5Id copyOf(hid_t type)
{
    return Hdf5Id(H5Tcopy(type));
}

/// IEEE half precision, little-endian, which HDF5 1.10 has no name for.
Hdf5Id halfType()
{
    Hdf5Id type = copyOf(H5T_IEEE_F32LE);
    H5Tset_fields(type.get(), 15, 10, 5, 0, 10);
    H5Tset_size(type.get(), 2);
    H5Tset_ebias(type.get(), 15);
    return type;
}

/// NumPy's bool as h5py writes it.
Hdf5Id boolType()
{
    Hdf5Id type(H5Tenum_create(H5T_STD_I8LE));
    const std::int8_t no = 0;
    const std::int8_t yes = 1;
    H5Tenum_insert(type.get(), "FALSE", &no);
    H5Tenum_insert(type.get(), "TRUE", &yes);
    return type;
}

Hdf5Id complexType(hid_t part)
{
    const std::size_t size = H5Tget_size(part);
    Hdf5Id type(H5Tcreate(H5T_COMPOUND, 2 * size));
    H5Tinsert(type.get(), "r", 0, part);
    H5Tinsert(type.get(), "i", size, part);
    return type;
}

/// bfloat16: h5py knows no such number and writes two opaque bytes.
Hdf5Id opaquePairType()
{
    Hdf5Id type(H5Tcreate(H5T_OPAQUE, 2));
    H5Tset_tag(type.get(), "");
    return type;
}

std::string memberName(hid_t type, unsigned index)
{
    char* const text = H5Tget_member_name(type, index);
    std::string name(text != nullptr ? text : "");
    H5free_memory(text);
    return name;
}

std::optional<DType> integerType(hid_t type)
{
    const bool isSigned = H5Tget_sign(type) != H5T_SGN_NONE;
    switch (H5Tget_size(type)) {
    case 1:
        return isSigned ? DType::Int8 : DType::UInt8;
    case 2:
        return isSigned ? DType::Int16 : DType::UInt16;
    case 4:
        return isSigned ? DType::Int32 : DType::UInt32;
    case 8:
        return isSigned ? DType::Int64 : DType::UInt64;
    default:
        return std::nullopt;
    }
}

std::optional<DType> floatType(hid_t type)
{
    std::size_t sign = 0;
    std::size_t exponentAt = 0;
    std::size_t exponentBits = 0;
    std::size_t mantissaAt = 0;
    std::size_t mantissaBits = 0;
    H5Tget_fields(type, &sign, &exponentAt, &exponentBits, &mantissaAt, &mantissaBits);
    switch (H5Tget_size(type)) {
    case 2:
        return exponentBits == 8 ? DType::BFloat16 : DType::Float16;
    case 4:
        return DType::Float32;
    case 8:
        return DType::Float64;
    default:
        return std::nullopt;
    }
}

std::optional<DType> compoundType(hid_t type)
{
    if (H5Tget_nmembers(type) != 2 || memberName(type, 0) != "r" || memberName(type, 1) != "i"
        || H5Tget_member_class(type, 0) != H5T_FLOAT || H5Tget_member_class(type, 1) != H5T_FLOAT)
        return std::nullopt;
    const Hdf5Id part(H5Tget_member_type(type, 0));
    const std::size_t size = H5Tget_size(part.get());
    if (size != 4 && size != 8)
        return std::nullopt;
    return size == 4 ? DType::Complex64 : DType::Complex128;
}

std::optional<DType> enumType(hid_t type)
{
    const bool isBool = H5Tget_nmembers(type) == 2 && H5Tget_size(type) == 1
        && memberName(type, 0) == "FALSE" && memberName(type, 1) == "TRUE";
    return isBool ? std::optional(DType::Bool) : std::nullopt;
}

std::string className(H5T_class_t kind)
{
    switch (kind) {
    case H5T_COMPOUND:
        return "a compound type";
    case H5T_REFERENCE:
        return "references to other objects";
    case H5T_ENUM:
        return "an enumeration";
    case H5T_VLEN:
        return "lists of varying length";
    case H5T_ARRAY:
        return "arrays as elements";
    case H5T_OPAQUE:
        return "opaque bytes";
    default:
        return "a type of number";
    }
}

std::string trimmed(const char* text, std::size_t size, H5T_str_t padding)
{
    std::string value(text, size);
    if (padding == H5T_STR_NULLTERM)
        value.resize(std::min(value.find('\0'), value.size()));
    const char pad = padding == H5T_STR_SPACEPAD ? ' ' : '\0';
    while (!value.empty() && (value.back() == pad || value.back() == '\0'))
        value.pop_back();
    return value;
}

} // namespace

void prepare()
{
    // A file that could not be written stays open in the library, which would trip over it when the
    // program ends.
    static const herr_t staysAtExit = H5dont_atexit();
    static_cast<void>(staysAtExit);
    thread_local const bool silenced = [] {
        // A file must not make the library load code: filters come with it or not at all.
        H5PLset_loading_state(0);
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        return true;
    }();
    static_cast<void>(silenced);
}

namespace {

/// What HDF5 tells of its latest failure, in its own words.
std::string latestFailure()
{
    std::string text;
    H5Ewalk2(
        H5E_DEFAULT, H5E_WALK_UPWARD,
        [](unsigned depth, const H5E_error2_t* entry, void* target) -> herr_t {
            if (depth == 0 && entry->desc != nullptr)
                *static_cast<std::string*>(target) = entry->desc;
            return 0;
        },
        &text);
    H5Eclear2(H5E_DEFAULT);
    return text;
}

} // namespace

Error failure(ErrorKind kind, const std::string& what)
{
    // HDF5 quotes the system where that refused: "file write failed: …, errno = 28, …".
    const std::string told = latestFailure();
    constexpr std::string_view mark = "errno = ";
    const std::size_t at = told.find(mark);
    const int code = at == std::string::npos ? 0 : std::atoi(told.c_str() + at + mark.size());
    if (kind == ErrorKind::NotWritable && code != 0)
        return { kind, writeFailure(code) };
    if (code != 0)
        return { ErrorKind::NotReadable, readFailure(code) };
    return { kind, what };
}

Hdf5Id memoryType(DType type)
{
    switch (type) {
    case DType::Float16:
        return halfType();
    case DType::BFloat16:
        return opaquePairType();
    case DType::Float32:
        return copyOf(H5T_IEEE_F32LE);
    case DType::Float64:
        return copyOf(H5T_IEEE_F64LE);
    case DType::Int8:
        return copyOf(H5T_STD_I8LE);
    case DType::Int16:
        return copyOf(H5T_STD_I16LE);
    case DType::Int32:
        return copyOf(H5T_STD_I32LE);
    case DType::Int64:
        return copyOf(H5T_STD_I64LE);
    case DType::UInt8:
        return copyOf(H5T_STD_U8LE);
    case DType::UInt16:
        return copyOf(H5T_STD_U16LE);
    case DType::UInt32:
        return copyOf(H5T_STD_U32LE);
    case DType::UInt64:
        return copyOf(H5T_STD_U64LE);
    case DType::Bool:
        return boolType();
    case DType::Complex64:
        return complexType(H5T_IEEE_F32LE);
    case DType::Complex128:
        return complexType(H5T_IEEE_F64LE);
    case DType::String:
        break;
    }
    return {};
}

Result<DType> dtypeOf(hid_t type)
{
    const H5T_class_t kind = H5Tget_class(type);
    std::optional<DType> found;
    if (kind == H5T_INTEGER)
        found = integerType(type);
    else if (kind == H5T_FLOAT)
        found = floatType(type);
    else if (kind == H5T_COMPOUND)
        found = compoundType(type);
    else if (kind == H5T_ENUM)
        found = enumType(type);
    else if (kind == H5T_STRING)
        found = DType::String;
    else if (kind == H5T_OPAQUE && H5Tget_size(type) == 2)
        found = DType::BFloat16;
    H5Eclear2(H5E_DEFAULT);
    if (found)
        return *found;
    return Error(ErrorKind::Unsupported,
        "it holds " + className(kind) + " of " + std::to_string(H5Tget_size(type))
            + " bytes, which no Keras writes");
}

bool isNative(hid_t type, DType dtype)
{
    if (dtype == DType::String)
        return false;
    if (dtype == DType::BFloat16)
        return H5Tget_class(type) == H5T_OPAQUE || H5Tget_order(type) == H5T_ORDER_LE;
    if (dtype == DType::Float32) // nearly always, and without making a type
        return H5Tequal(type, H5T_IEEE_F32LE) > 0;
    const Hdf5Id memory = memoryType(dtype);
    return H5Tequal(type, memory.get()) > 0;
}

Result<std::vector<std::string>> readTexts(hid_t fileType, hid_t space, std::uint64_t available,
    const std::function<herr_t(hid_t memoryType, void* buffer)>& read)
{
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    const std::size_t size = H5Tget_size(fileType);
    const bool isVariable = H5Tis_variable_str(fileType) > 0;
    if (count < 0 || size == 0)
        return failure(ErrorKind::Corrupt, "the texts cannot be read");
    const auto bytes = static_cast<std::uint64_t>(count) * size;
    if (count > mostTexts || size > mostTextBytes || bytes > mostTextBytes || bytes > available)
        return Error(ErrorKind::OutOfMemory,
            "it declares " + std::to_string(count) + " texts of " + std::to_string(size)
                + " bytes, more than the file can hold");
    const auto items = static_cast<std::size_t>(count);
    const Hdf5Id type = copyOf(fileType);
    std::vector<std::string> texts(items);
    if (isVariable) {
        std::vector<char*> pointers(items, nullptr);
        const herr_t status = read(type.get(), static_cast<void*>(pointers.data()));
        for (std::size_t i = 0; i < items && status >= 0; ++i)
            texts[i] = pointers[i] != nullptr ? pointers[i] : "";
        const Error error = failure(ErrorKind::Corrupt, "the text cannot be read");
        H5Dvlen_reclaim(type.get(), space, H5P_DEFAULT, static_cast<void*>(pointers.data()));
        if (status < 0)
            return error;
        return texts;
    }
    std::vector<char> buffer(items * size);
    if (read(type.get(), buffer.data()) < 0)
        return failure(ErrorKind::Corrupt, "the text cannot be read");
    const H5T_str_t padding = H5Tget_strpad(fileType);
    for (std::size_t i = 0; i < items; ++i)
        texts[i] = trimmed(buffer.data() + i * size, size, padding);
    return texts;
}

} // namespace library

} // namespace layerscope::containers
