#pragma once

#include "model/core/tensor.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace layerscope::ops {

struct OpType;

/// An edge of the graph: the number of a value. Default-constructed ones are "absent" (no bias, no
/// mask).
struct Value
{
    std::int32_t id = -1;
    explicit operator bool() const { return id >= 0; }
    bool operator==(const Value&) const = default;
};

/// What is known about a value when the graph is built: everything but its numbers.
///
/// float16 and bfloat16 values are carried as float32 and rounded to their type after each op, as
/// TensorFlow's CPU kernels do; Program converts nothing at its edges, callers hand in float32.
struct ValueInfo
{
    DType dtype = DType::Float32;
    Shape shape; ///< static, the batch included
    bool operator==(const ValueInfo&) const = default;
};

/// One named property of a node: an axis, strides, an epsilon, a mode.
using Attribute = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>,
    std::vector<double>>;

class Attributes
{
public:
    Attributes() = default;
    Attributes(std::initializer_list<std::pair<const std::string, Attribute>> items)
        : m_items(items)
    {
    }
    void set(std::string name, Attribute value)
    {
        m_items.insert_or_assign(std::move(name), std::move(value));
    }
    bool has(std::string_view name) const { return m_items.find(name) != m_items.end(); }
    /// The property; asserts that the node has it in this type (an op's own files agree on that).
    std::int64_t integer(std::string_view name) const;
    double number(std::string_view name) const;
    const std::string& text(std::string_view name) const;
    const std::vector<std::int64_t>& integers(std::string_view name) const;
    const std::vector<double>& numbers(std::string_view name) const;
    bool operator==(const Attributes&) const = default;
    const std::map<std::string, Attribute, std::less<>>& items() const { return m_items; }

private:
    std::map<std::string, Attribute, std::less<>> m_items;
};

struct Node
{
    const OpType* type = nullptr;
    std::vector<Value> inputs; ///< may hold absent values where the op allows it
    std::vector<Value> outputs;
    Attributes attributes;
    std::string scope; ///< the layer (or "loss", "optimizer/…") that the node was built for
};

enum class SourceKind {
    Input, ///< fed at each run
    Variable, ///< memory that outlives a run; may be assigned at the end of it
    Constant,
};

/// A value that no node computes.
struct Source
{
    SourceKind kind = SourceKind::Input;
    std::string name;
    Value value;
    Tensor constant; ///< for Constant
};

/// At the end of a run `variable` (a Source) takes the value `newValue`.
struct Assignment
{
    Value variable;
    Value newValue;
};

/// A computation with static shapes, in single-assignment form. Nodes are in a valid order of
/// execution (a node only uses values made before it). Built through Builder.
struct Graph
{
    std::deque<ValueInfo> values; ///< by Value::id; a deque, so that references stay valid
    std::vector<Node> nodes;
    std::vector<Source> sources; ///< inputs, variables and constants, in order of creation
    std::vector<Value> outputs; ///< what a run hands out, in order
    std::vector<Assignment> assignments;

    const ValueInfo& info(Value value) const { return values[static_cast<std::size_t>(value.id)]; }
};

using layerscope::toString; // of a Shape: the one below would hide it

/// The graph as text, a line a node: for tests and for people.
std::string toString(const Graph& graph);

} // namespace layerscope::ops
