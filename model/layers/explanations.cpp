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

constexpr const char* noParameters = WORDS("layers", "; no parameters");

} // namespace

std::string times(const std::vector<std::int64_t>& lengths)
{
    std::string text;
    for (const std::int64_t length : lengths)
        text += (text.empty() ? "" : "×") + std::to_string(length);
    return text;
}

std::string activationName(const LayerConfig& config)
{
    const Json& given = config.get("activation");
    std::string name;
    if (given.is_string())
        name = given.get<std::string>();
    else if (given.is_object())
        name
            = configOf(given).is_string() ? configOf(given).get<std::string>() : classNameOf(given);
    return name == "linear" ? std::string() : name;
}

void addActivation(Clauses& clauses, const LayerConfig& config)
{
    if (const std::string name = activationName(config); !name.empty())
        clauses.emplace_back(WORDS("layers", ", then applies %1"), name);
}

void addParameters(Clauses& clauses, const ExplanationRequest& about)
{
    std::int64_t total = 0;
    std::string sum;
    for (const Shape& shape : about.weights) {
        total += elementCount(shape).value_or(0);
        sum += (sum.empty() ? "" : " + ") + factors(shape);
    }
    if (!about.weights.empty())
        clauses.push_back(total == 1
                ? Sentence(WORDS("layers", "; 1 parameter = %1"), sum)
                : Sentence(WORDS("layers", "; %1 parameters = %2"), total, sum));
    else if (about.layer.weights.empty())
        clauses.emplace_back(noParameters);
}

Clauses withParameters(const ExplanationRequest& about, Sentence main)
{
    Clauses clauses{ std::move(main) };
    addParameters(clauses, about);
    return clauses;
}

Clauses withoutParameters(Sentence main)
{
    return { std::move(main), noParameters };
}

} // namespace layerscope::layers
