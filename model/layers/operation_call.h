#pragma once

#include "model/layers/layer_lowering.h"

namespace layerscope::layers {

/// A Keras 3 operation or a TensorFlow function of a Keras 2 graph (TFOpLambda), with its arguments
/// by position, keyword, or configuration (where Keras 3 keeps axes and the like).
class OperationCall
{
public:
    explicit OperationCall(LayerLowering& lowering)
        : call(lowering)
        , b(lowering.builder)
    {
    }

    LayerLowering& call;
    ops::Builder& b;

    /// The argument as a tensor; a literal becomes a constant of the type that the first tensor of
    /// the call has. Absent, with an error, where it is not given.
    ops::Value tensor(std::size_t position, std::initializer_list<std::string_view> names = {});
    /// Two operands of one type: the wider one, floating before whole numbers.
    std::pair<ops::Value, ops::Value> operands();
    /// All tensors among the positional arguments, or among the keyword that stands for them.
    std::vector<ops::Value> tensors(std::string_view keyword);

    /// A literal: keyword or position of the call, or key of the configuration; null if there is
    /// none.
    Json literal(std::size_t position, std::initializer_list<std::string_view> names) const;
    std::optional<std::int64_t> integer(
        std::size_t position, std::initializer_list<std::string_view> names) const;
    std::vector<std::int64_t> integers(
        std::size_t position, std::initializer_list<std::string_view> names) const;
    bool flag(std::size_t position, std::initializer_list<std::string_view> names) const;
    double number(std::size_t position, std::initializer_list<std::string_view> names,
        double otherwise) const;
    std::string text(std::size_t position, std::initializer_list<std::string_view> names,
        std::string otherwise) const;

    ops::Value floating(ops::Value x);
    /// What is known of a value when the graph is built; null if nothing is.
    Json known(ops::Value value) const;
    /// A whole-number constant (a number or a list) that other operations may use as a shape.
    ops::Value knownConstant(const Json& numbers);
    void unsupported(std::string message) { call.fail(std::move(message), ErrorKind::Unsupported); }

    static constexpr std::size_t nowhere = 1000; ///< no position: by name alone

private:
    Json resolved(const BoundArgument& argument) const;
    const BoundArgument* find(
        std::size_t position, std::initializer_list<std::string_view> names) const;
    ops::Value constant(const Json& value);
};

/// One operation under all its names.
struct Operation
{
    std::string_view names; ///< Keras 3 classes and TensorFlow symbols, parted by blanks
    std::vector<ops::Value> (*lower)(OperationCall&);
};

std::span<const Operation> elementwiseOperations();
std::span<const Operation> shapingOperations();
std::span<const Operation> indexingOperations();

} // namespace layerscope::layers
