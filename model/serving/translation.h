#pragma once

#include "model/ops/graph.h"
#include "model/serving/function_writer.h"

namespace layerscope::serving {

/// One op of the graph, seen for two batch sizes, to be translated.
struct Operation
{
    const ops::Graph& graph;
    const ops::Node& node;
    const ops::Node& twin; ///< the same op for the other batch size
    std::int64_t batch; ///< of `node`
    std::int64_t twinBatch;
    const ops::Graph& twinGraph;
    std::vector<std::string> inputs; ///< references to what its inputs became
    FunctionWriter& writer;

    const ops::ValueInfo& input(std::size_t index) const { return graph.info(node.inputs[index]); }
    const ops::ValueInfo& output() const { return graph.info(node.outputs[0]); }
    DType type() const { return input(0).dtype; }
    std::size_t rank() const { return input(0).shape.size(); }

    Lengths inputLengths(std::size_t index) const;
    Lengths outputLengths() const;
    Lengths attributeLengths(std::string_view name) const;

    /// The axis of that name, counted from the front.
    std::int64_t axis() const;
};

/// Lengths out of those for two batch sizes; nothing where they do not follow from the batch.
Lengths lengthsOf(const std::vector<std::int64_t>& one, const std::vector<std::int64_t>& other,
    std::int64_t batch, std::int64_t otherBatch);

/// References to what the outputs became; empty where TensorFlow has no counterpart.
using Translated = std::vector<std::string>;
using Translate = Translated (*)(const Operation&);

/// By name of the op type; null for those that have no counterpart.
Translate translationOf(const ops::OpType& type);

// Those of convolution and pooling.
Translated translateConvolution(const Operation&);
Translated translateConvolutionToInput(const Operation&);
Translated translateMaxPool(const Operation&);
Translated translateAveragePool(const Operation&);

} // namespace layerscope::serving
