#include "model/network/variable_layout.h"

#include "model/network/variable_tree.h"

#include <algorithm>
#include <cctype>

namespace layerscope {

namespace {

bool allKnown(const network::VariableObject& object)
{
    return object.isKnown && std::all_of(object.children.begin(), object.children.end(), allKnown);
}

} // namespace

std::optional<std::vector<VariableSpec>> variableLayout(
    const Layer& layer, KerasGeneration generation)
{
    network::VariableObject object = network::variableObject(layer, generation);
    if (!allKnown(object))
        return std::nullopt;
    object.trainable = true; // a frozen layer is not considered here
    const auto order = network::variableOrder(generation, {});
    std::vector<VariableSpec> specs;
    for (const network::ListedVariable& item : network::trainableFirst(object, order))
        specs.push_back({ item.variable().name, item.object->path, static_cast<int>(item.index),
            item.trainable });
    return specs;
}

std::string snakeCase(std::string_view className)
{
    // Keras: re.sub(r"\W+", "", name); then "(.)([A-Z][a-z]+)" -> "\1_\2"; then
    // "([a-z])([A-Z])" -> "\1_\2"; then lower().
    std::string word;
    for (const char c : className)
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80))
            word.push_back(c);
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };

    std::string first;
    for (std::size_t i = 0; i < word.size();) {
        if (i + 2 < word.size() && upper(word[i + 1]) && lower(word[i + 2])) {
            first.push_back(word[i]);
            first.push_back('_');
            for (++i, first.push_back(word[i++]); i < word.size() && lower(word[i]); ++i)
                first.push_back(word[i]);
        } else {
            first.push_back(word[i++]);
        }
    }
    std::string second;
    for (std::size_t i = 0; i < first.size(); ++i) {
        second.push_back(first[i]);
        if (lower(first[i]) && i + 1 < first.size() && upper(first[i + 1]))
            second.push_back('_');
    }
    std::transform(second.begin(), second.end(), second.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return second;
}

} // namespace layerscope
