#include "model/core/text_table.h"
#include "model/network/attach.h"

#include <algorithm>
#include <array>

namespace layerscope {

std::string_view pairingName(Pairing pairing)
{
    switch (pairing) {
    case Pairing::ByName:
        return "by name";
    case Pairing::ByContainer:
        return "by class and number";
    case Pairing::ByPosition:
        return "by position";
    default:
        return "in their order";
    }
}

std::string matchTable(const Attachment& attachment)
{
    const auto word = [](MatchState state) {
        return state == MatchState::Matched ? "matched"
            : state == MatchState::Missing  ? "missing"
            : state == MatchState::Extra    ? "extra"
                                            : "shape differs";
    };
    std::vector<std::array<std::string, 5>> rows{ { "", "layer", "weight", "expected", "found" } };
    for (const WeightMatch& match : attachment.matches)
        rows.push_back({ word(match.state), match.layer, match.weight,
            match.expected ? toString(*match.expected)
                           : (match.state == MatchState::Extra ? "-" : "any"),
            match.found ? toString(*match.found) + " " + match.foundAs : "-" });
    return textTable(rows);
}

} // namespace layerscope
