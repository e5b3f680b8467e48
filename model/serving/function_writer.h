#pragma once

#include "model/formats/serving_function.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace layerscope::serving {

/// The length of an axis: a number, or a number for each example of the batch.
struct Length
{
    std::int64_t fixed = 0;
    std::int64_t perExample = 0; ///< the length is fixed + perExample · batch
    bool isFixed() const { return perExample == 0; }
    bool isBatch() const { return fixed == 0 && perExample == 1; }
    bool operator==(const Length&) const = default;
};
using Lengths = std::vector<Length>;

using Attributes = std::vector<std::pair<std::string, formats::ServingNode::Attribute>>;

/// Appends ops of TensorFlow to a function. What a function gives back is a reference to the op's
/// first output, as other ops take it.
class FunctionWriter
{
public:
    explicit FunctionWriter(formats::ServingFunction& function)
        : m_function(function)
    {
    }

    /// Ops that follow are named after the layer they belong to.
    void setScope(const std::string& scope) { m_scope = scope; }

    /// `output` is the name that TensorFlow gives the op's output.
    std::string add(const std::string& op, std::vector<std::string> inputs, Attributes attributes,
        const std::string& output);

    std::string constant(const Tensor& value);
    std::string number(std::int32_t value);
    std::string numbers(const std::vector<std::int64_t>& values); ///< int32, a vector

    /// Where the batch is read from: axis 0 of this argument.
    void setBatchSource(std::string reference, DType type);

    /// The batch as an int32 scalar; nothing where no input has it.
    std::optional<std::string> batch();

    /// `lengths` as a vector; -1 stands for one open length where `mayInfer` (a reshape).
    /// Nothing where the batch would be needed and no input has it.
    enum class Inference { No, Yes };
    std::optional<std::string> shape(const Lengths& lengths, Inference inference);

    std::size_t size() const { return m_function.nodes.size(); }

private:
    std::string uniqueName(const std::string& op);

    formats::ServingFunction& m_function;
    std::string m_scope;
    std::map<std::string, int> m_used;
    std::map<std::int32_t, std::string> m_numbers;
    std::map<std::vector<std::int64_t>, std::string> m_vectors;
    std::string m_batchSource;
    DType m_batchType = DType::Float32;
    std::optional<std::string> m_batch;
};

} // namespace layerscope::serving
