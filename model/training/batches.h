#pragma once

#include "model/layers/lower_model.h"
#include "model/ops/graph.h"
#include "model/training/data_set.h"
#include "model/training/state_buffer.h"
#include "model/training/trainer.h"

#include <cstdint>
#include <vector>

namespace layerscope::training {

/// The rows of a data set in the types in which the graph takes them, handed out batch by batch:
/// as pointers into the data where rows follow each other, gathered otherwise. Nothing is allocated
/// after prepare().
class Batches
{
public:
    struct Column
    {
        Tensor rows; ///< in the carried type
        DType type = DType::Float32; ///< as the graph sees it
        std::size_t rowBytes = 0;
    };

    /// `data` fits the model (fitToModel); `lossNames` tell which targets are class numbers.
    /// Errors  ShapeMismatch; InvalidArgument for a class number that the model has no output for
    static Result<Batches> prepare(const DataSet& data, const std::vector<DType>& inputTypes,
        const std::vector<std::string>& lossNames, const TrainingOptions& options,
        std::int64_t batchSize);

    std::int64_t rows() const { return m_rows; }
    std::int64_t batchSize() const { return m_batchSize; }
    std::int64_t batchesPerEpoch() const;
    std::int64_t rowsOf(std::int64_t batch) const;

    /// Orders the rows of the next epoch: as they are, or drawn from `seed` and `epoch`.
    void orderAsStored();
    void shuffle(std::uint64_t seed, std::int64_t epoch);

    /// Makes the batch ready; the pointers are valid until the next call.
    void select(std::int64_t batch);
    const void* input(std::size_t index) const { return m_inputPointers[index]; }
    const void* target(std::size_t index) const { return m_targetPointers[index]; }
    const void* sampleWeights() const { return m_weightPointer; }

    bool hasSampleWeights() const { return m_hasWeights; }
    std::vector<Shape> inputShapes(std::int64_t batch) const;
    std::vector<ops::ValueInfo> targetInfos(std::int64_t batch) const;
    const std::vector<bool>& targetsSumToOne() const { return m_targetsSumToOne; }

private:
    Result<void> addTarget(const Tensor& target, const std::string& lossName);
    Result<void> addWeights(const DataSet& data, const TrainingOptions& options);
    void gather(const Column& column, std::size_t place, std::int64_t first, std::int64_t count);
    const void* pointerTo(
        const Column& column, std::size_t place, std::int64_t first, std::int64_t count);

    std::int64_t m_rows = 0;
    std::int64_t m_batchSize = 32;
    std::vector<Column> m_inputs, m_targets;
    Column m_weights;
    bool m_hasWeights = false;
    std::vector<bool> m_targetsSumToOne;
    std::vector<std::int64_t> m_order; ///< empty: as stored
    std::vector<StateBuffer> m_gathered; ///< one for each column
    std::vector<const void*> m_inputPointers, m_targetPointers;
    const void* m_weightPointer = nullptr;
};

} // namespace layerscope::training
