#pragma once

#include "model/containers/mapped_file.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// HDF5 files, safe by construction. Only hard links are followed, on every part of every path, so
/// that nothing outside the file is ever reached; external storage, virtual datasets and filters
/// that are not built into the library are refused; what a file declares is checked against what it
/// holds before memory is taken. HDF5's own types do not leave this folder.
///
/// Thread  the library has one lock of its own; an object is used by one thread at a time
namespace layerscope::containers {

/// An id of the HDF5 library. H5Idec_ref closes whatever kind of thing it stands for.
class Hdf5Id
{
public:
    Hdf5Id() = default;
    explicit Hdf5Id(std::int64_t id)
        : m_id(id)
    {
    }
    ~Hdf5Id();
    Hdf5Id(Hdf5Id&& other) noexcept
        : m_id(std::exchange(other.m_id, -1))
    {
    }
    Hdf5Id& operator=(Hdf5Id&& other) noexcept
    {
        std::swap(m_id, other.m_id);
        return *this;
    }

    std::int64_t get() const { return m_id; }
    bool isValid() const { return m_id >= 0; }

private:
    std::int64_t m_id = -1;
};

enum class Hdf5LinkKind { Hard, Soft, External, Other };

/// A name in a group and what it leads to.
struct Hdf5Link
{
    std::string name;
    Hdf5LinkKind kind = Hdf5LinkKind::Hard;
};

enum class Hdf5Charset { Ascii, Utf8 };

struct Hdf5Damage;

/// What groups and datasets have in common: attributes.
class Hdf5Object
{
public:
    Result<std::vector<std::string>> attributeNames() const;
    bool hasAttribute(const std::string& name) const;

    /// One text, stored in any of HDF5's ways (fixed or variable length, ASCII or UTF-8, padded
    /// with NULs or spaces).
    /// Errors  WrongFormat when it is not text, Corrupt, OutOfMemory when it is absurdly long
    Result<std::string> text(const std::string& name) const;

    /// A list of texts. An attribute without elements is an empty list, whatever its type: Keras
    /// writes empty name lists as float64 arrays.
    Result<std::vector<std::string>> texts(const std::string& name) const;

    /// A list of names as Keras writes it: under `name`, or in parts under name0, name1, …
    /// NotFound when there is neither.
    Result<std::vector<std::string>> nameList(const std::string& name) const;

    /// Whether nameList() would find something.
    bool hasNameList(const std::string& name) const;

    /// Writes or replaces a variable-length text; one that is replaced keeps its character set.
    Result<void> setText(
        const std::string& name, const std::string& text, Hdf5Charset charset = Hdf5Charset::Utf8);

    /// Writes or replaces a list of names as Keras does: fixed length, in as few parts as keep each
    /// at 64,512 bytes or less, split as NumPy's array_split.
    Result<void> setNameList(const std::string& name, const std::vector<std::string>& names);

    Result<void> removeAttribute(const std::string& name);

    /// Copies all attributes of `other` as they are.
    Result<void> copyAttributesOf(const Hdf5Object& other);

    /// The same for all objects that are the same object under several names.
    std::uint64_t address() const;

protected:
    Hdf5Object() = default;
    explicit Hdf5Object(Hdf5Id id, std::shared_ptr<const Hdf5Damage> damage = nullptr)
        : m_id(std::move(id))
        , m_damage(std::move(damage))
    {
    }
    Result<Hdf5Id> openAttribute(const std::string& name) const;

    Hdf5Id m_id;
    std::shared_ptr<const Hdf5Damage> m_damage; // of the file, null where there is none
    friend class Hdf5Group;
    friend class Hdf5Dataset;
};

/// How a dataset keeps its values.
struct Hdf5Storage
{
    std::string refusal; ///< why its values may not be read; empty when they may
    bool isElsewhere = false; ///< the values are said to lie in other files
    bool isContiguous = false;
    bool isNative = false; ///< the stored type is what memory holds, byte for byte
    std::optional<std::uint64_t> offset; ///< of contiguous values in the file
    std::uint64_t storedBytes = 0;
};

class Hdf5Dataset : public Hdf5Object
{
public:
    const Shape& shape() const { return m_shape; }

    /// Unsupported for compounds, references, enumerations other than bool …
    Result<DType> dtype() const;

    /// Checks everything that could go wrong before values are read.
    Hdf5Storage storage() const;

    /// Reads all values through HDF5.
    Result<Tensor> load() const;

    /// Overwrites all values; type and shape must be the dataset's (numbers are converted by HDF5).
    Result<void> store(const Tensor& tensor);

    /// The values as an array that stays in `file` until it is looked at: mapped where they lie
    /// contiguously in memory's own layout, otherwise read through HDF5 from `path` when asked for.
    /// Errors  Unsupported, Corrupt, OutOfMemory: what storage() and dtype() refuse
    Result<StoredTensor> stored(
        const std::shared_ptr<const MappedFile>& file, const std::string& path) const;

private:
    friend class Hdf5Group;
    static Result<Hdf5Dataset> wrap(Hdf5Id id, std::shared_ptr<const Hdf5Damage> damage = nullptr);

    Hdf5Storage storageOf(const Hdf5Id& type) const;
    void lookCloser(Hdf5Storage& storage, std::uint64_t declared, std::size_t elementSize) const;

    Shape m_shape;
    bool m_isNull = false; // a dataspace that holds nothing, not even zero elements
};

class Hdf5Group : public Hdf5Object
{
public:
    /// Everything in this group, in the file's order.
    Result<std::vector<Hdf5Link>> links() const;

    /// Whether `path` leads to something through hard links alone.
    bool has(std::string_view path) const;

    /// The group itself for an empty path.
    /// Errors  NotFound, Unsupported (a soft or external link on the way), WrongFormat (not a
    /// group), InvalidArgument (a path with an empty part, "." or "..")
    Result<Hdf5Group> group(std::string_view path) const;
    Result<Hdf5Dataset> dataset(std::string_view path) const;

    /// For writing. Groups on the way are made as needed.
    Result<Hdf5Group> createGroup(std::string_view path);

    /// Space for an array is reserved at once and holds nothing in particular until it is written.
    Result<Hdf5Dataset> createDataset(std::string_view path, DType type, const Shape& shape);

    /// The same with the very type and shape of `source`, which may be in another file.
    Result<Hdf5Dataset> createDatasetLike(std::string_view path, const Hdf5Dataset& source);

    /// Copies the dataset `source` to `path` with its type, layout, filters and attributes.
    Result<void> copyDataset(const Hdf5Dataset& source, std::string_view path);

    /// Another name for an object in the same file.
    Result<void> linkTo(const Hdf5Object& object, const std::string& name);

    /// Copies a link that is not followed: a soft or an external one.
    Result<void> copyLink(const Hdf5Group& source, const std::string& name);

    Result<void> remove(const std::string& name);

private:
    friend class Hdf5File;
    explicit Hdf5Group(Hdf5Id id, std::shared_ptr<const Hdf5Damage> damage = nullptr)
        : Hdf5Object(std::move(id), std::move(damage))
    {
    }
    Result<Hdf5Id> open(std::string_view path) const;
    Result<Hdf5Dataset> reserve(std::string_view path, const Hdf5Id& type, const Hdf5Id& space);
    Result<std::pair<Hdf5Group, std::string>> parentFor(std::string_view path);
};

class Hdf5File
{
public:
    /// Opens for reading, once the file's structure has been checked. Other programs' locks are not
    /// asked for.
    static Result<Hdf5File> open(const MappedFile& file);
    /// The same for a file that was opened before, and what was found then.
    static Result<Hdf5File> openAgain(
        const MappedFile& file, std::shared_ptr<const Hdf5Damage> damage);
    /// Makes a new file, or empties the one that is there.
    static Result<Hdf5File> create(const std::filesystem::path& path);
    /// Opens for changing it in place.
    static Result<Hdf5File> edit(const std::filesystem::path& path);

    Result<Hdf5Group> root() const;

    /// What the check of the structure found, in words: parts that are not touched.
    std::vector<std::string> damage() const;

    /// Writes everything out and closes. Without it errors of the last writes go unseen.
    Result<void> close();

private:
    explicit Hdf5File(Hdf5Id id, std::shared_ptr<const Hdf5Damage> damage = nullptr)
        : m_id(std::move(id))
        , m_damage(std::move(damage))
    {
    }
    Hdf5Id m_id;
    std::shared_ptr<const Hdf5Damage> m_damage;
};

/// Where an HDF5 file begins in `bytes`: 0, or 512, 1024, 2048 … behind a user block.
std::optional<std::uint64_t> findHdf5Signature(std::span<const std::byte> bytes);

/// The length that the superblock says the file has; absent where it cannot be told.
std::optional<std::uint64_t> declaredHdf5Length(std::span<const std::byte> bytes);

} // namespace layerscope::containers
