#include "model/layers/explanations.h"

namespace layerscope::layers {

namespace {

std::string factors(const Shape& shape)
{
    std::string text;
    for (const std::int64_t length : shape)
        text += (text.empty() ? "" : "·") + std::to_string(length);
    return text.empty() ? "1" : text;
}

} // namespace

std::string grouped(std::int64_t number)
{
    std::string text = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t end = text.size(); end > first + 3; end -= 3)
        text.insert(end - 3, ",");
    return text;
}

std::string times(const std::vector<std::int64_t>& lengths)
{
    std::string text;
    for (const std::int64_t length : lengths)
        text += (text.empty() ? "" : "×") + std::to_string(length);
    return text;
}

std::string activationWords(const LayerConfig& config)
{
    const Json& given = config.get("activation");
    std::string name;
    if (given.is_string())
        name = given.get<std::string>();
    else if (given.is_object())
        name
            = configOf(given).is_string() ? configOf(given).get<std::string>() : classNameOf(given);
    return name.empty() || name == "linear" ? "" : ", then applies " + name;
}

std::string parameterWords(const Explanation& about)
{
    std::int64_t total = 0;
    std::string sum;
    for (const Shape& shape : about.weights) {
        total += elementCount(shape).value_or(0);
        sum += (sum.empty() ? "" : " + ") + factors(shape);
    }
    if (about.weights.empty())
        return "no parameters";
    return grouped(total) + (total == 1 ? " parameter = " : " parameters = ") + sum;
}

} // namespace layerscope::layers
