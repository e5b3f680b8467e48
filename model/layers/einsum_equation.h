#pragma once

#include "model/core/shape.h"

#include <optional>
#include <string>

namespace layerscope::layers {

/// The equation of an EinsumDense layer, "ab...,bc->ac...": input, kernel and output by axis
/// letters, with the "..." that Keras allows at the front or the back of input and output.
struct EinsumEquation
{
    std::string input;
    std::string kernel;
    std::string output;
    bool hasEllipsisInFront = false; ///< "...bc": the axes that are left out come first
    bool hasEllipsisBehind = false;

    static std::optional<EinsumEquation> parse(const std::string& text);

    /// The equation with letters in place of "...", for an input of the given rank; nothing where
    /// the ranks do not fit.
    std::optional<EinsumEquation> expanded(std::size_t rank) const;

    /// `given` is the configuration's output_shape: without the batch axis, open lengths taken from
    /// the input.
    std::optional<PartialShape> outputShape(
        const PartialShape& inputShape, const PartialShape& given) const;

    std::string text() const { return input + "," + kernel + "->" + output; }
};

} // namespace layerscope::layers
