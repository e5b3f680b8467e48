#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

/// Marks an English text of model/ for translation. The compiler sees the text alone; lupdate reads
/// the macro as QT_TRANSLATE_NOOP, with the context that its first argument names.
#define WORDS(context, text) text

namespace layerscope {

/// A sentence for people: an English pattern with numbered places (%1 … %9) and what goes there.
/// Whoever shows it may look up another language's pattern and put the same things in.
class Sentence
{
public:
    /// A name or a piece of text; a count, grouped by thousands; a measured number.
    using Argument = std::variant<std::string, std::int64_t, double>;

    Sentence() = default;

    /// A text that comes from elsewhere (an Error, a Problem) and stands as it is.
    explicit Sentence(std::string text)
        : m_pattern(std::move(text))
        , m_isPlain(true)
    {
    }

    /// `pattern` stands in WORDS().
    template<class... Arguments>
    Sentence(const char* pattern, const Arguments&... arguments)
        : m_pattern(pattern)
        , m_arguments{ argument(arguments)... }
    {
    }

    bool isEmpty() const { return m_pattern.empty(); }
    bool isPlain() const { return m_isPlain; } ///< its pattern is the text itself
    const std::string& pattern() const { return m_pattern; }
    const std::vector<Argument>& arguments() const { return m_arguments; }

    std::string english() const;

    bool operator==(const Sentence&) const = default;

private:
    template<class T> static Argument argument(const T& value)
    {
        if constexpr (std::is_same_v<T, Argument>)
            return value;
        else if constexpr (std::is_integral_v<T>)
            return static_cast<std::int64_t>(value);
        else if constexpr (std::is_floating_point_v<T>)
            return static_cast<double>(value);
        else
            return std::string(value);
    }

    std::string m_pattern;
    std::vector<Argument> m_arguments;
    bool m_isPlain = false;
};

/// One sentence in pieces, each of which is translated by itself: its clauses one behind the other,
/// with the blanks and commas between them; the full stop is left out.
using Clauses = std::vector<Sentence>;

/// The whole sentence: "Slides 64 filters of 3×3, then applies relu."
std::string inEnglish(const Clauses& clauses);

/// Puts `arguments` into the places of `pattern`: "%1 of %2" → "3 of 7". A place without an
/// argument stays, and what an argument says is not looked into.
std::string filledIn(std::string_view pattern, const std::vector<std::string>& arguments);

/// "102,853,048"
std::string groupedByThousands(std::int64_t number);

/// A measured number in four significant digits: "0.003125", "1.2e-09".
std::string measuredText(double number);

/// "a, b, c"; of more than `most` names only these, and "…".
std::string listed(const std::vector<std::string>& names, std::size_t most = 12);

} // namespace layerscope
