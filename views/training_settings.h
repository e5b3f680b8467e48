#pragma once

#include <QMetaType>
#include <QString>
#include <QStringList>

namespace layerscope::views {

/// What the set-up form of the Training tab says. Empty and zero members keep what the file says.
struct TrainingSettings
{
    QString optimizer = {}; ///< class name; equal to the file's: its state is continued
    bool freshOptimizer = false; ///< start with empty slots at step 0 although the file has a state
    double learningRate = 0; ///< 0: what the file (or its schedule) says
    QString loss = {}; ///< Keras's name; empty: the file's
    qint64 batchSize = 32;
    qint64 epochs = 10;
    bool shuffle = true;
    quint64 seed = 0;
    double validationSplit = 0.2; ///< the last fraction of the rows
    QString dataSource = {}; ///< "builtin:digits" or a path
    QStringList targetColumns = {}; ///< of a CSV file; empty: the last column
    bool operator==(const TrainingSettings&) const = default;
};

} // namespace layerscope::views

Q_DECLARE_METATYPE(layerscope::views::TrainingSettings)
