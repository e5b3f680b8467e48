#pragma once

#include "model/network/network.h"

namespace layerscope {

/// How the weights of a file are paired with the layers of an architecture.
enum class Pairing {
    ByName, ///< equal names of layer and variable, ":0" and the separator ('/' or '.') set aside
    ByContainer, ///< the groups of the v3 layout: class name and number within its container
                 ///< (formats.md 2.2)
    ByPosition, ///< the n-th layer that has weights gets the n-th that the file has (1.2)
    ByOrder, ///< the n-th weight gets the n-th array, in the order of model.weights
};

enum class MatchState {
    Matched,
    Missing, ///< the architecture asks for it, the file does not have it
    Extra, ///< the file has it, the architecture has no place for it
    ShapeDiffers,
};

/// One row of the table that says what became of each weight.
struct WeightMatch
{
    MatchState state = MatchState::Matched;
    std::string layer; ///< path in the architecture joined by '/'; for Extra the file's name of it
    std::string weight; ///< "kernel"
    std::optional<PartialShape> expected; ///< what the architecture asks for, as far as it tells
    std::string foundAs; ///< path in the weights' file
    std::optional<Shape> found;
};

/// An architecture with the weights of another file.
struct Attachment
{
    Network network; ///< complete only if isComplete()
    Pairing pairing = Pairing::ByName;
    std::vector<WeightMatch> matches; ///< in the architecture's order, then what is extra
    std::vector<std::string> remarks; ///< about the optimizer, about names
    std::string fault; ///< why it does not fit, in a sentence; empty where everything fits

    bool isComplete() const { return fault.empty(); }
};

/// The architecture and training set-up of `architecture` (its own weights, if it has any, only say
/// which shapes are expected) with the weights of `weights` and its optimizer's state where that
/// fits. Weights may come from anything that can be opened. Values are never transposed or
/// converted.
///
/// `pairing`  only this one; otherwise the first that fits entirely, in the order of the enum, or
///            for the table the one that fits best
/// Errors     InvalidArgument where `architecture` has no layers to attach to, or `weights` none
Result<Attachment> attachArchitecture(const Network& weights, const Network& architecture,
    std::optional<Pairing> pairing = std::nullopt);

/// The table as aligned text, a line for each row: state, layer, weight, shapes.
std::string matchTable(const Attachment& attachment);

/// "by name", "by position" …
std::string_view pairingName(Pairing pairing);

} // namespace layerscope
