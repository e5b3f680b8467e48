#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace layerscope {

/// What a caller may want to branch on. The sentence for people is in Error::message().
enum class ErrorKind {
    NotFound, ///< nothing there
    NotReadable, ///< there, but we may not or cannot read it
    NotWritable, ///< the target refuses what we write (permission, full disk)
    WrongFormat, ///< readable, and something else than what was asked for
    Corrupt, ///< the right format, damaged
    Unsupported, ///< sound, and beyond what Layerscope can do; the message names it
    ShapeMismatch, ///< shapes or dtypes that do not fit together
    InvalidArgument, ///< the caller asked for something impossible
    OutOfMemory, ///< larger than what may be taken
    Stopped, ///< the user stopped it
};

/// Why something did not work: a kind, one plain sentence (what, where, what to do), and the chain
/// of places it came through, outermost first.
class [[nodiscard]] Error
{
public:
    Error(ErrorKind kind, std::string message)
        : m_kind(kind)
        , m_message(std::move(message))
    {
    }

    ErrorKind kind() const { return m_kind; }

    /// The sentence itself, without the places.
    const std::string& message() const { return m_message; }

    /// Places added by callers, outermost first: a file, then a group, then a dataset.
    const std::vector<std::string>& places() const { return m_places; }

    /// The same error, seen from one place further out:
    /// `std::move(error).in("/model_weights/dense")`.
    Error in(std::string place) &&;

    /// "place: inner place: message".
    std::string sentence() const;

private:
    ErrorKind m_kind;
    std::string m_message;
    std::vector<std::string> m_places;
};

/// A value or the Error that kept it from coming about. Named after std::expected, so that a later
/// switch stays small.
template<class T> class [[nodiscard]] Result
{
public:
    using value_type = T;

    Result(T value)
        : m_content(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_content(std::in_place_index<1>, std::move(error))
    {
    }

    bool hasValue() const { return m_content.index() == 0; }
    explicit operator bool() const { return hasValue(); }

    T& value() & { return get(); }
    const T& value() const& { return const_cast<Result*>(this)->get(); }
    T&& value() && { return std::move(get()); }
    T& operator*() & { return get(); }
    const T& operator*() const& { return const_cast<Result*>(this)->get(); }
    T&& operator*() && { return std::move(get()); }
    T* operator->() { return &get(); }
    const T* operator->() const { return &const_cast<Result*>(this)->get(); }

    T valueOr(T fallback) && { return hasValue() ? std::move(get()) : std::move(fallback); }

    const Error& error() const&
    {
        assert(!hasValue());
        return *std::get_if<1>(&m_content);
    }
    Error&& error() &&
    {
        assert(!hasValue());
        return std::move(*std::get_if<1>(&m_content));
    }

private:
    T& get()
    {
        assert(hasValue());
        return *std::get_if<0>(&m_content);
    }

    std::variant<T, Error> m_content;
};

/// Nothing, or the Error that kept it from being done.
template<> class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error)
        : m_error(std::move(error))
    {
    }

    bool hasValue() const { return !std::holds_alternative<Error>(m_error); }
    explicit operator bool() const { return hasValue(); }

    const Error& error() const& { return *std::get_if<Error>(&m_error); }
    Error&& error() && { return std::move(*std::get_if<Error>(&m_error)); }

private:
    std::variant<std::monostate, Error> m_error;
};

#define LAYERSCOPE_JOIN_(a, b) a##b
#define LAYERSCOPE_JOIN(a, b) LAYERSCOPE_JOIN_(a, b)
#define LAYERSCOPE_TRY_(name, declaration, expression)                                             \
    auto name = (expression);                                                                      \
    if (!name)                                                                                     \
        return std::move(name).error();                                                            \
    declaration = *std::move(name)

/// `TRY(auto file, openHdf5(path));` declares `file`, or returns the error. A statement of its own.
#define TRY(declaration, ...)                                                                      \
    LAYERSCOPE_TRY_(LAYERSCOPE_JOIN(tryResult, __COUNTER__), declaration, (__VA_ARGS__))

/// `TRY_DO(writeHeader(file));` for a Result<void>: goes on, or returns the error.
#define TRY_DO(...)                                                                                \
    do {                                                                                           \
        if (auto tryDone = (__VA_ARGS__); !tryDone)                                                \
            return std::move(tryDone).error();                                                     \
    } while (false)

} // namespace layerscope
