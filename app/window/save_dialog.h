#pragma once

#include "app/session/session.h"

#include <QDialog>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace layerscope::app {

class ChangesPanel;

/// Asks what of a network to save, in which format, and where; says how large it will be and what
/// does not cross.
class SaveDialog : public QDialog
{
    Q_OBJECT

public:
    enum class Content { WholeModel, Weights };

    SaveDialog(
        const NetworkPointer& network, const QString& path, Content content, QWidget* parent);

    SaveRequest request() const;

    /// Proposes a FORMAT; nothing happens where it is not among the choices.
    void selectFormat(const QString& format);

signals:
    void saveRequested(const layerscope::app::SaveRequest& request);

public slots:
    void accept() override;

private:
    void build();
    QVBoxLayout* contentRows();
    void updateSizes();
    void fillFormats();
    void addFormats(bool wantsModel, bool wantsOptimizer);
    void followFormat();
    void browse();
    void updateNote();
    Content content() const;
    bool keepsOptimizer() const;
    QString format() const;

    NetworkPointer m_held; // training may replace the document's while the dialog is open
    const Network& m_network;
    QString m_startPath;
    QRadioButton* m_whole;
    QRadioButton* m_weightsAndOptimizer;
    QRadioButton* m_weights;
    QCheckBox* m_keepOptimizer;
    QComboBox* m_format;
    QLineEdit* m_path;
    QLabel* m_note;
    ChangesPanel* m_changes;
    QPushButton* m_save = nullptr;
};

} // namespace layerscope::app
