#include "model/serving/function_writer.h"

#include <algorithm>
#include <cctype>

namespace layerscope::serving {

using formats::ServingNode;

std::string FunctionWriter::uniqueName(const std::string& op)
{
    // TensorFlow's rule for names: letters, digits, and . - / _ after the first.
    std::string name = m_scope.empty() ? op : m_scope + "/" + op;
    for (char& c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-' && c != '/')
            c = '_';
    if (std::isalnum(static_cast<unsigned char>(name.front())) == 0)
        name.insert(0, "m");
    const int count = m_used[name]++;
    return count == 0 ? name : name + "_" + std::to_string(count);
}

std::string FunctionWriter::add(const std::string& op, std::vector<std::string> inputs,
    Attributes attributes, const std::string& output)
{
    ServingNode node{ uniqueName(op), op, std::move(inputs), std::move(attributes) };
    std::string reference = node.name + ":" + output + ":0";
    m_function.nodes.push_back(std::move(node));
    return reference;
}

std::string FunctionWriter::constant(const Tensor& value)
{
    return add("Const", {}, { { "dtype", value.dtype() }, { "value", value } }, "output");
}

std::string FunctionWriter::number(std::int32_t value)
{
    std::string& reference = m_numbers[value];
    if (reference.empty())
        reference = constant(Tensor::scalar<std::int32_t>(value));
    return reference;
}

std::string FunctionWriter::numbers(const std::vector<std::int64_t>& values)
{
    std::string& reference = m_vectors[values];
    if (reference.empty()) {
        const std::vector<std::int32_t> narrow(values.begin(), values.end());
        reference = constant(
            Tensor::of<std::int32_t>({ static_cast<std::int64_t>(values.size()) }, narrow));
    }
    return reference;
}

void FunctionWriter::setBatchSource(std::string reference, DType type)
{
    m_batchSource = std::move(reference);
    m_batchType = type;
}

std::optional<std::string> FunctionWriter::batch()
{
    if (m_batch || m_batchSource.empty())
        return m_batch;
    const std::string shape = add("Shape", { m_batchSource },
        { { "T", m_batchType }, { "out_type", DType::Int32 } }, "output");
    m_batch = add("StridedSlice", { shape, numbers({ 0 }), numbers({ 1 }), numbers({ 1 }) },
        { { "T", DType::Int32 }, { "Index", DType::Int32 },
            { "shrink_axis_mask", std::int64_t{ 1 } } },
        "output");
    return m_batch;
}

std::optional<std::string> FunctionWriter::shape(const Lengths& lengths, Inference inference)
{
    std::vector<std::int64_t> fixed;
    std::size_t open = 0;
    for (const Length& length : lengths) {
        open += length.isFixed() ? 0U : 1U;
        fixed.push_back(length.isFixed() ? length.fixed : -1);
    }
    const bool isEmpty = std::ranges::find(fixed, 0) != fixed.end();
    if (open == 0 || (open == 1 && inference == Inference::Yes && !isEmpty))
        return numbers(fixed);
    const auto examples = batch();
    if (!examples)
        return std::nullopt;
    std::vector<std::string> parts;
    for (const Length& length : lengths) {
        if (length.isFixed()) {
            parts.push_back(number(static_cast<std::int32_t>(length.fixed)));
            continue;
        }
        std::string part = *examples;
        if (length.perExample != 1)
            part = add("Mul", { part, number(static_cast<std::int32_t>(length.perExample)) },
                { { "T", DType::Int32 } }, "z");
        if (length.fixed != 0)
            part = add("AddV2", { part, number(static_cast<std::int32_t>(length.fixed)) },
                { { "T", DType::Int32 } }, "z");
        parts.push_back(std::move(part));
    }
    const auto count = static_cast<std::int64_t>(parts.size());
    return add("Pack", std::move(parts),
        { { "N", count }, { "T", DType::Int32 }, { "axis", std::int64_t{ 0 } } }, "output");
}

} // namespace layerscope::serving
