#include "model/layers/operation_call.h"

#include <algorithm>

namespace layerscope::layers {

using ops::Value;

namespace {

void flatten(
    const Json& value, std::size_t depth, Shape& shape, std::vector<double>& numbers, bool& even)
{
    if (value.is_array()) {
        const auto length = static_cast<std::int64_t>(value.size());
        if (shape.size() == depth)
            shape.push_back(length);
        even = even && shape.size() > depth && shape[depth] == length;
        for (const Json& item : value)
            flatten(item, depth + 1, shape, numbers, even);
    } else {
        const auto number
            = value.is_boolean() ? std::optional(value.get<bool>() ? 1.0 : 0.0) : numberOf(value);
        even = even && number && shape.size() == depth;
        numbers.push_back(number.value_or(0));
    }
}

} // namespace

Json OperationCall::resolved(const BoundArgument& argument) const
{
    using Kind = BoundArgument::Kind;
    if (argument.kind == Kind::List) {
        Json list = Json::array();
        for (const BoundArgument& item : argument.items)
            list.push_back(resolved(item));
        return list;
    }
    if (argument.kind == Kind::Mapping) {
        Json mapping = Json::object();
        for (std::size_t i = 0; i < argument.items.size(); ++i)
            mapping[argument.keys[i]] = resolved(argument.items[i]);
        return mapping;
    }
    if (argument.kind == Kind::Tensor)
        return argument.tensor < call.inputs.size() ? known(call.inputs[argument.tensor]) : Json();
    return argument.literal;
}

Json OperationCall::known(Value value) const
{
    const auto found = call.model.knownNumbers.find(value.id);
    return value && found != call.model.knownNumbers.end() ? found->second : Json();
}

Value OperationCall::knownConstant(const Json& numbers)
{
    std::vector<std::int64_t> values;
    Shape shape;
    if (numbers.is_array()) {
        for (const Json& number : numbers)
            values.push_back(integerOf(number).value_or(0));
        shape.push_back(static_cast<std::int64_t>(values.size()));
    } else {
        values.push_back(integerOf(numbers).value_or(0));
    }
    const Value value = b.cast(b.constant(Tensor::of<std::int64_t>(shape, values)), DType::Int32);
    if (value)
        call.model.knownNumbers[value.id] = numbers;
    return value;
}

const BoundArgument* OperationCall::find(
    std::size_t position, std::initializer_list<std::string_view> names) const
{
    for (const std::string_view name : names)
        if (const BoundArgument* found = call.call.keyword(name))
            return found;
    return position < call.call.arguments.size() ? &call.call.arguments[position] : nullptr;
}

Value OperationCall::constant(const Json& value)
{
    Shape shape;
    std::vector<double> numbers;
    bool even = true;
    flatten(value, 0, shape, numbers, even);
    if (!even || numbers.empty()) {
        unsupported("an argument is neither a tensor nor a number");
        return {};
    }
    DType type = call.computeType;
    for (const Value input : call.inputs)
        if (input) {
            type = b.dtype(input);
            break;
        }
    // 2.5 beside whole numbers makes both floating.
    const bool whole = std::all_of(numbers.begin(), numbers.end(),
        [](double number) { return number == std::int64_t(number); });
    if (!isFloating(type) && !whole)
        type = call.computeType;
    if (type == DType::Bool)
        type = DType::Int32;
    return b.cast(b.constant(Tensor::of<double>(shape, numbers)), type);
}

Value OperationCall::tensor(std::size_t position, std::initializer_list<std::string_view> names)
{
    const BoundArgument* argument = find(position, names);
    if (argument && argument->kind == BoundArgument::Kind::Tensor)
        return call.input(argument->tensor);
    if (argument && !argument->isNull() && !argument->holdsTensor())
        return constant(resolved(*argument));
    if (argument && argument->kind == BoundArgument::Kind::List) {
        const auto numbers = call.call.positionalTensors();
        if (position == 0 && numbers.size() == 1)
            return call.input(numbers[0]);
    }
    unsupported("argument " + std::to_string(position + 1) + " is not a tensor");
    return {};
}

std::pair<Value, Value> OperationCall::operands()
{
    Value x = tensor(0, { "x", "x1", "a" });
    Value y = tensor(1, { "y", "x2", "b" });
    if (!x || !y || b.dtype(x) == b.dtype(y))
        return { x, y };
    const auto weight = [](DType type) {
        return (isFloating(type)             ? 100
                       : type == DType::Bool ? -100
                                             : 0)
            + static_cast<int>(byteSize(type));
    };
    const DType type = weight(b.dtype(x)) >= weight(b.dtype(y)) ? b.dtype(x) : b.dtype(y);
    return { b.cast(x, type), b.cast(y, type) };
}

std::vector<Value> OperationCall::tensors(std::string_view keyword)
{
    std::vector<Value> values;
    for (const std::size_t number : call.call.positionalTensors())
        values.push_back(call.input(number));
    if (const BoundArgument* list = call.call.keyword(keyword))
        for (const BoundArgument& item : list->items)
            if (item.kind == BoundArgument::Kind::Tensor)
                values.push_back(call.input(item.tensor));
    if (values.empty())
        unsupported("has no tensors to work on");
    return values;
}

Json OperationCall::literal(
    std::size_t position, std::initializer_list<std::string_view> names) const
{
    const BoundArgument* argument = find(position, names);
    if (argument)
        if (Json value = resolved(*argument); !value.is_null())
            return value;
    for (const std::string_view name : names)
        if (call.config.has(name))
            return call.config.get(name);
    return {};
}

std::optional<std::int64_t> OperationCall::integer(
    std::size_t position, std::initializer_list<std::string_view> names) const
{
    const Json value = literal(position, names);
    return integerOf(value.is_array() && value.size() == 1 ? value[0] : value);
}

std::vector<std::int64_t> OperationCall::integers(
    std::size_t position, std::initializer_list<std::string_view> names) const
{
    const Json value = literal(position, names);
    if (const auto single = integerOf(value))
        return { *single };
    std::vector<std::int64_t> result;
    if (value.is_array())
        for (const Json& item : value)
            result.push_back(item.is_null() ? -1 : integerOf(item).value_or(-2));
    return result;
}

bool OperationCall::flag(std::size_t position, std::initializer_list<std::string_view> names) const
{
    return literal(position, names) == true;
}

double OperationCall::number(
    std::size_t position, std::initializer_list<std::string_view> names, double otherwise) const
{
    return numberOf(literal(position, names)).value_or(otherwise);
}

std::string OperationCall::text(std::size_t position, std::initializer_list<std::string_view> names,
    std::string otherwise) const
{
    const Json value = literal(position, names);
    return value.is_string() ? value.get<std::string>() : otherwise;
}

Value OperationCall::floating(Value x)
{
    return x && !isFloating(b.dtype(x)) ? b.cast(x, call.computeType) : x;
}

} // namespace layerscope::layers
