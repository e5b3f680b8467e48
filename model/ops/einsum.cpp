#include "model/ops/builder.h"
#include "model/ops/rules.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

/// The letters of an equation, the ellipsis written out as letters of its own.
struct Letters
{
    std::string a;
    std::string b;
    std::string out;
};

/// Axes of an ellipsis are named by these, the last by the last.
constexpr std::string_view ellipsisLetters = "\1\2\3\4\5\6\7\10";

Result<std::string> expand(std::string_view term, std::size_t rank)
{
    const std::size_t dots = term.find("...");
    std::string letters;
    for (std::size_t i = 0; i < term.size(); ++i) {
        if (i == dots) {
            const std::size_t named = term.size() - 3;
            if (rank < named || rank - named > ellipsisLetters.size())
                return shapeMismatch("einsum: '" + std::string(term) + "' for a value with "
                    + std::to_string(rank) + " axes");
            letters += ellipsisLetters.substr(ellipsisLetters.size() - (rank - named));
            i += 2;
        } else if ((term[i] >= 'a' && term[i] <= 'z') || (term[i] >= 'A' && term[i] <= 'Z')) {
            letters += term[i];
        } else {
            return Error(ErrorKind::InvalidArgument,
                "einsum: '" + std::string(term) + "' is not made of letters");
        }
    }
    std::string sorted = letters;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        return Error(
            ErrorKind::Unsupported, "einsum: a letter occurs twice in '" + std::string(term) + "'");
    if (letters.size() != rank)
        return shapeMismatch("einsum: '" + std::string(term) + "' for a value with "
            + std::to_string(rank) + " axes");
    return letters;
}

Result<Letters> lettersOf(std::string equation, std::size_t rankA, std::size_t rankB)
{
    equation.erase(std::remove(equation.begin(), equation.end(), ' '), equation.end());
    const std::size_t comma = equation.find(',');
    const std::size_t arrow = equation.find("->");
    if (comma == std::string::npos || arrow == std::string::npos || arrow < comma)
        return Error(ErrorKind::InvalidArgument,
            "einsum: '" + equation + "' is not of the form \"ab,bc->ac\"");
    Letters letters;
    TRY(letters.a, expand(equation.substr(0, comma), rankA));
    TRY(letters.b, expand(equation.substr(comma + 1, arrow - comma - 1), rankB));
    const std::string term = equation.substr(arrow + 2);
    // The result has the longer of the two ellipses.
    std::size_t dotted = 0;
    for (const char c : ellipsisLetters)
        dotted += letters.a.find(c) != std::string::npos || letters.b.find(c) != std::string::npos;
    const bool hasDots = term.find("...") != std::string::npos;
    TRY(letters.out, expand(term, hasDots ? term.size() - 3 + dotted : term.size()));
    for (const char c : letters.out) {
        if (letters.a.find(c) == std::string::npos && letters.b.find(c) == std::string::npos)
            return Error(
                ErrorKind::InvalidArgument, "einsum: a letter of the result is in no operand");
    }
    return letters;
}

/// One operand brought into the order batch, kept, summed and merged to three axes.
struct Operand
{
    Builder& builder;
    Value value;
    std::string letters;

    bool has(char c) const { return letters.find(c) != std::string::npos; }

    /// Sums over axes whose letter is in none of `wanted`.
    void sumOver(const std::string& wanted)
    {
        std::vector<std::int64_t> axes;
        std::string kept;
        for (std::size_t i = 0; i < letters.size(); ++i) {
            if (wanted.find(letters[i]) == std::string::npos)
                axes.push_back(static_cast<std::int64_t>(i));
            else
                kept += letters[i];
        }
        if (!axes.empty())
            value = builder.sum(value, axes);
        letters = kept;
    }

    std::int64_t length(char c) const
    {
        const std::size_t at = letters.find(c);
        return at == std::string::npos ? 1 : builder.shape(value)[at];
    }

    /// Axes in the order of `groups`, each group one axis; a batch letter it lacks has length 1.
    Value arranged(const std::string& batch, const std::string& first, const std::string& second)
    {
        std::vector<std::int64_t> permutation;
        Shape shape;
        for (const char c : batch) {
            if (has(c))
                permutation.push_back(static_cast<std::int64_t>(letters.find(c)));
            shape.push_back(length(c));
        }
        for (const std::string& group : { first, second }) {
            std::int64_t merged = 1;
            for (const char c : group) {
                permutation.push_back(static_cast<std::int64_t>(letters.find(c)));
                merged *= length(c);
            }
            shape.push_back(merged);
        }
        return builder.reshape(builder.transpose(value, permutation), shape);
    }
};

} // namespace

Value Builder::einsum(std::string equation, Value a, Value b)
{
    if (m_error)
        return {};
    const auto letters = lettersOf(equation, shape(a).size(), shape(b).size());
    if (!letters) {
        fail(letters.error().kind(), letters.error().message());
        return {};
    }
    Operand left{ *this, a, letters->a };
    Operand right{ *this, b, letters->b };
    left.sumOver(letters->b + letters->out);
    right.sumOver(left.letters + letters->out);
    std::string batch;
    std::string rows;
    std::string columns;
    std::string summed;
    for (const char c : letters->out) {
        if (left.has(c) && right.has(c))
            batch += c;
        else
            (left.has(c) ? rows : columns) += c;
    }
    for (const char c : left.letters) {
        const bool dotted = ellipsisLetters.find(c) != std::string_view::npos;
        const bool fits = left.length(c) == right.length(c)
            || (dotted && (left.length(c) == 1 || right.length(c) == 1));
        if (right.has(c) && !fits) {
            fail(ErrorKind::ShapeMismatch,
                "einsum: '" + equation + "' does not fit " + toString(shape(a)) + " and "
                    + toString(shape(b)));
            return {};
        }
        if (letters->out.find(c) == std::string::npos)
            summed += c;
    }
    const Value product
        = matmul(left.arranged(batch, rows, summed), right.arranged(batch, summed, columns));
    if (m_error)
        return {};
    Shape lengths;
    const std::string order = batch + rows + columns;
    for (const char c : order)
        lengths.push_back(std::max(left.length(c), right.length(c)));
    std::vector<std::int64_t> permutation;
    for (const char c : letters->out)
        permutation.push_back(static_cast<std::int64_t>(order.find(c)));
    return transpose(reshape(product, lengths), permutation);
}

} // namespace layerscope::ops
