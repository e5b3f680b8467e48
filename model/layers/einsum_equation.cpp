#include "model/layers/einsum_equation.h"

namespace layerscope::layers {

namespace {

bool isLetters(const std::string& text)
{
    return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        == std::string::npos;
}

bool takeFront(std::string& text)
{
    if (text.rfind("...", 0) != 0)
        return false;
    text.erase(0, 3);
    return true;
}

bool takeBack(std::string& text)
{
    if (text.size() < 3 || text.compare(text.size() - 3, 3, "...") != 0)
        return false;
    text.erase(text.size() - 3);
    return true;
}

} // namespace

std::optional<EinsumEquation> EinsumEquation::parse(const std::string& text)
{
    std::string plain;
    for (const char letter : text)
        if (letter != ' ')
            plain += letter;
    const auto comma = plain.find(',');
    const auto arrow = plain.find("->");
    if (comma == std::string::npos || arrow == std::string::npos || comma > arrow)
        return std::nullopt;
    EinsumEquation equation;
    equation.input = plain.substr(0, comma);
    equation.kernel = plain.substr(comma + 1, arrow - comma - 1);
    equation.output = plain.substr(arrow + 2);
    equation.hasEllipsisInFront = takeFront(equation.input);
    equation.hasEllipsisBehind = !equation.hasEllipsisInFront && takeBack(equation.input);
    if (equation.hasEllipsisInFront != takeFront(equation.output)
        || equation.hasEllipsisBehind != takeBack(equation.output))
        return std::nullopt;
    if (!isLetters(equation.input) || !isLetters(equation.kernel) || !isLetters(equation.output))
        return std::nullopt;
    return equation;
}

std::optional<EinsumEquation> EinsumEquation::expanded(std::size_t rank) const
{
    if (rank < input.size() || rank > 26)
        return std::nullopt;
    EinsumEquation result = *this;
    std::string letters;
    for (char letter = 'a'; letters.size() < rank - input.size() && letter <= 'z'; ++letter)
        if ((input + kernel + output).find(letter) == std::string::npos)
            letters += letter;
    if (letters.size() != rank - input.size())
        return std::nullopt;
    if (hasEllipsisInFront) {
        result.input.insert(0, letters);
        result.output.insert(0, letters);
    } else if (hasEllipsisBehind) {
        result.input += letters;
        result.output += letters;
    } else if (!letters.empty()) {
        return std::nullopt;
    }
    result.hasEllipsisInFront = result.hasEllipsisBehind = false;
    return result;
}

std::optional<PartialShape> EinsumEquation::outputShape(
    const PartialShape& inputShape, const PartialShape& given) const
{
    const auto whole = expanded(inputShape.size());
    if (!whole)
        return std::nullopt;
    PartialShape result;
    // What the configuration gives lacks the batch axis, and the axes that "..." stands for.
    const std::size_t fromFront = whole->output.size() - given.size();
    if (given.size() > whole->output.size())
        return std::nullopt;
    for (std::size_t i = 0; i < whole->output.size(); ++i) {
        const auto position = whole->input.find(whole->output[i]);
        if (position != std::string::npos) {
            result.push_back(inputShape[position]);
            continue;
        }
        // The letter is the kernel's: its length is in the configuration.
        const std::size_t index = hasEllipsisBehind ? i - 1 : i - fromFront;
        const bool isGiven = hasEllipsisBehind ? i >= 1 && index < given.size() : i >= fromFront;
        if (!isGiven || given[index] <= 0)
            return std::nullopt;
        result.push_back(given[index]);
    }
    return result;
}

} // namespace layerscope::layers
